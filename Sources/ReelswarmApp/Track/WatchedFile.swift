import Foundation

/// A file that is read again when it changes.
///
/// What tells a change is device, inode, size and time of change. A change counts when two looks in a row see the same,
/// so that a file which is just being written is not read by halves.
struct WatchedFile: Sendable {
    /// What a look found.
    enum Look: Equatable, Sendable {
        /// Nothing new.
        case unchanged
        /// New content.
        case changed([UInt8])
        /// It cannot be read; said once, until it can be read again.
        case gone
    }

    private struct Signature: Equatable {
        let device: UInt
        let inode: UInt
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    /// The largest file that is read: about six million hashes.
    private static let longest = 256 << 20

    let path: String
    private var read: Signature?
    private var seen: Signature?
    private var isGone = false

    init(path: String) { self.path = path }

    /// Reads the file at once; nil when it cannot be read.
    mutating func readNow() -> [UInt8]? {
        let signature = signature()
        guard let signature, signature.size <= Self.longest, let data = FileManager.default.contents(atPath: path)
        else { return nil }
        (read, seen, isGone) = (signature, signature, false)
        return Array(data)
    }

    /// Looks whether the file changed since it was read.
    mutating func look() -> Look {
        let last = seen
        seen = signature()
        guard let now = seen else { return lost() }
        guard now != read else {
            isGone = false
            return .unchanged
        }
        guard now == last else { return .unchanged }
        return readNow().map(Look.changed) ?? lost()
    }

    private mutating func lost() -> Look {
        defer { isGone = true }
        return isGone ? .unchanged : .gone
    }

    private func signature() -> Signature? {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return Signature(
            device: UInt(facts.st_dev), inode: UInt(facts.st_ino), size: Int(facts.st_size),
            seconds: facts.st_ctim.tv_sec, nanoseconds: facts.st_ctim.tv_nsec)
    }
}

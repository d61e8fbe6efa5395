import Glibc
import Synchronization

/// The lock of a folder: held by one process at a time, and let go by the system when that process ends in whatever
/// way. The lock file stays; it holds the number of the process that has, or last had, the lock.
public final class DirectoryLock: Sendable {
    private let descriptor: Int32
    private let isHeld = Atomic(true)

    /// Takes the lock `name` in a folder. Throws a `ClusterError` that names the holder where another process has it.
    public init(directory: String, name: String) throws(ClusterError) {
        let path = directory + "/" + name
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw ClusterError("The lock \(path) cannot be opened: \(systemError()).") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw ClusterError("The directory \(directory) is in use by another server (process \(holder)).")
        }
        self.descriptor = descriptor
        let number = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, number, number.count, 0) }
    }

    deinit { release() }

    /// Lets the lock go, if it is still held.
    public func release() {
        if isHeld.exchange(false, ordering: .sequentiallyConsistent) { close(descriptor) }
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
    }
}

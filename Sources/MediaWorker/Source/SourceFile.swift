import Glibc

/// The file a question is about: an open descriptor of known length, read at offsets.
final class SourceFile {
    private let descriptor: CInt
    /// Length in bytes when the worker began.
    let size: UInt64
    /// Where the demuxer reads next.
    var position: UInt64 = 0
    /// What the demuxer has read so far while `keepsLog`, touching reads joined; at most 64 ranges.
    private(set) var log: [Range<UInt64>] = []
    var keepsLog = false

    /// The file behind `descriptor`. Nil when it is no regular file.
    init?(descriptor: CInt) {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size >= 0 else { return nil }
        self.descriptor = descriptor
        self.size = UInt64(facts.st_size)
    }

    /// Reads up to `count` bytes at `position` into `target` and moves on. Zero at the end, negative on an error.
    func readNext(into target: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        let read = pread(descriptor, target, count, off_t(clamping: position))
        guard read > 0 else { return read }
        note(position..<position + UInt64(read))
        position += UInt64(read)
        return read
    }

    /// Exactly `count` bytes at `offset`; nil when the file does not have them.
    func bytes(at offset: UInt64, count: Int) -> [UInt8]? {
        guard count >= 0, offset <= size, UInt64(count) <= size - offset else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let read = pread(descriptor, base + filled, count - filled, off_t(clamping: offset) + filled)
                guard read > 0 else { break }
                filled += read
            }
        }
        return bytes.count == count ? bytes : nil
    }

    private func note(_ range: Range<UInt64>) {
        guard keepsLog else { return }
        if let last = log.last, last.upperBound == range.lowerBound {
            log[log.count - 1] = last.lowerBound..<range.upperBound
        } else if log.count < 64 {
            log.append(range)
        }
    }
}

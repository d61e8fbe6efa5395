import Glibc
import Media

/// The film a question is about, read at offsets: an open file, or a socket on which its bytes are asked for.
final class SourceFile {
    private let descriptor: CInt
    /// Set when standard input is a socket.
    private let socket: AskingSocket?
    /// Length in bytes when the worker began.
    let size: UInt64
    /// Where the demuxer reads next.
    var position: UInt64 = 0
    /// Where the film ends for now: earlier than it does while only its headers are to be read.
    var end: UInt64
    /// All that the demuxer may read, rising, apart; all of the film when empty. It meets an end elsewhere.
    var bounds: [Range<UInt64>] = []
    /// Whether the demuxer has met such an end.
    var wasOutside = false
    /// What the demuxer has read so far while `keepsLog`, touching reads joined; at most 4,096 ranges.
    private(set) var log: [Range<UInt64>] = []
    var keepsLog = false

    /// The film behind `descriptor`: a regular file, or with `size` a stream socket. Nil when it is none of these.
    init?(descriptor: CInt, size: UInt64? = nil) {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return nil }
        self.descriptor = descriptor
        if let size {
            guard facts.st_mode & S_IFMT == S_IFSOCK, size <= UInt64(Int64.max) else { return nil }
            (self.size, socket) = (size, AskingSocket(descriptor, size: size))
        } else {
            guard facts.st_mode & S_IFMT == S_IFREG, facts.st_size >= 0 else { return nil }
            (self.size, socket) = (UInt64(facts.st_size), nil)
        }
        end = self.size
    }

    /// Whether bytes are asked for on a socket.
    var isSocket: Bool { socket != nil }

    /// Whether bytes that are in the film could not be had: nothing that was read since then is true.
    private(set) var hasFailed = false

    /// Reads up to `count` bytes at `position` into `target` and moves on. Zero at the end, negative on an error.
    func readNext(into target: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        let most = allowed(at: position, count)
        guard most > 0 else { return 0 }
        let read = read(into: target, at: position, most)
        guard read > 0 else {
            // A file may have become shorter; a socket has all the bytes there are.
            if read < 0 || isSocket { hasFailed = true }
            return read
        }
        note(position..<position + UInt64(read))
        position += UInt64(read)
        return read
    }

    /// Exactly `count` bytes at `offset`; nil when the film does not have them.
    func bytes(at offset: UInt64, count: Int) -> [UInt8]? {
        guard count >= 0, offset <= size, UInt64(count) <= size - offset else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let place = offset + UInt64(filled)
                let most = allowed(at: place, count - filled)
                let read = most > 0 ? read(into: base + filled, at: place, most) : 0
                if read < 0 || (read == 0 && most > 0 && isSocket) { hasFailed = true }
                guard read > 0 else { break }
                filled += read
            }
        }
        return bytes.count == count ? bytes : nil
    }

    private func read(into target: UnsafeMutablePointer<UInt8>, at offset: UInt64, _ count: Int) -> Int {
        if let socket { return socket.read(into: target, at: offset, count) }
        return pread(descriptor, target, count, off_t(clamping: offset))
    }

    /// How many of `count` bytes from `offset` on may be read; zero at the end, and outside the bounds.
    private func allowed(at offset: UInt64, _ count: Int) -> Int {
        guard offset < end else { return 0 }
        let most = min(UInt64(clamping: count), end - offset)
        guard !bounds.isEmpty else { return Int(clamping: most) }
        guard let range = bounds.last(where: { $0.lowerBound <= offset }), offset < range.upperBound else {
            wasOutside = true
            return 0
        }
        return Int(clamping: min(most, range.upperBound - offset))
    }

    private func note(_ range: Range<UInt64>) {
        guard keepsLog else { return }
        if let last = log.last, last.upperBound == range.lowerBound {
            log[log.count - 1] = last.lowerBound..<range.upperBound
        } else if log.count < 4096 {
            log.append(range)
        }
    }
}

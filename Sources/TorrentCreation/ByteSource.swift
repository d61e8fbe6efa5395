import Glibc

/// Bytes that workers read at any offset, several at a time.
protocol ByteSource: Sendable {
    /// Fills all of `out` with the bytes from `offset` on.
    func read(at offset: Int64, into out: UnsafeMutableRawBufferPointer) throws(TorrentCreationError)
}

/// A copy of someone's descriptor, closed in `deinit`: workers may still be reading when the caller closes his.
final class DescriptorSource: ByteSource {
    private let descriptor: CInt

    init(duplicating original: CInt) throws(TorrentCreationError) {
        descriptor = fcntl(original, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .unreadable(path: nil, code: errno) }
    }

    deinit { close(descriptor) }

    func read(at offset: Int64, into out: UnsafeMutableRawBufferPointer) throws(TorrentCreationError) {
        try unsafe readFully(descriptor, at: offset, into: out, path: nil)
    }
}

/// Reads until `out` is full; a file that ends before is an error, not zeros.
func readFully(
    _ descriptor: CInt, at offset: Int64, into out: UnsafeMutableRawBufferPointer, path: String?
) throws(TorrentCreationError) {
    var filled = 0
    while filled < out.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: out[filled...])
        let count = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
        if count > 0 {
            filled += count
        } else if count == 0 {
            throw .truncated(path: path)
        } else if errno != EINTR {
            throw .unreadable(path: path, code: errno)
        }
    }
}

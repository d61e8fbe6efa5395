import Glibc

/// Whether the pages of a file are in memory, and getting them there.
enum PageCache {
    private typealias Preadv2 = @convention(c) (CInt, UnsafePointer<iovec>?, CInt, off_t, CInt) -> Int

    /// Swift's view of glibc does not show preadv2; without it, pages are taken as absent.
    private static let preadv2: Preadv2? = {
        guard let symbol = unsafe dlsym(nil, "preadv2") else { return nil }
        return unsafe unsafeBitCast(symbol, to: Preadv2.self)
    }()

    private static let nowait: CInt = 8
    /// The kernel reads ahead in pieces of about this size, so one look at each tells enough.
    private static let stride: Int64 = 65_536

    /// Whether the range is in memory, as far as a look at every 64 KiB and at its end tells. Never waits for a disk.
    static func holds(_ range: Range<Int64>, of file: OpenFile) -> Bool {
        guard let preadv2 = unsafe preadv2, !range.isEmpty else { return false }
        var position = range.lowerBound
        while true {
            var byte: UInt8 = 0
            let got = unsafe withUnsafeMutableBytes(of: &byte) { memory in
                var vector = unsafe iovec(iov_base: memory.baseAddress, iov_len: 1)
                return unsafe preadv2(file.descriptor, &vector, 1, off_t(position), nowait)
            }
            guard got == 1 else { return false }
            if position == range.upperBound - 1 { return true }
            position = min(position + stride, range.upperBound - 1)
        }
    }

    /// Reads the range into memory, waiting for the disk; for worker threads.
    ///
    /// - Throws: `OpenFileError` when it cannot be read, or the file has become shorter.
    static func load(_ range: Range<Int64>, of file: OpenFile) throws(OpenFileError) {
        posix_fadvise(
            file.descriptor, off_t(range.lowerBound), off_t(range.upperBound - range.lowerBound), POSIX_FADV_WILLNEED)
        var position = range.lowerBound
        while position < range.upperBound {
            var byte: UInt8 = 0
            let got = unsafe pread(file.descriptor, &byte, 1, off_t(position))
            if got < 0 && errno == EINTR { continue }
            guard got == 1 else { throw OpenFileError(code: got < 0 ? errno : EIO) }
            if position == range.upperBound - 1 { return }
            position = min(position + 4096, range.upperBound - 1)
        }
    }
}

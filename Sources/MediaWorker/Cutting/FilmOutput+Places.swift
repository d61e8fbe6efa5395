import CLibAV

/// What has been written already, read again and changed.
extension FilmOutput {
    /// The bytes at `range`; nil when there are not so many, and for a pipe.
    func bytes(at range: Range<UInt64>) -> [UInt8]? {
        guard range.upperBound <= size, let window = Window(self, writes: false), let io = window.io else { return nil }
        return withExtendedLifetime(window) {
            guard avio_seek(io, Int64(range.lowerBound), 0) >= 0 else { return nil }
            let count = Int(range.upperBound - range.lowerBound)
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = max(0, Int(avio_read(io, buffer.baseAddress, CInt(clamping: count))))
            }
            return bytes.count == count ? bytes : nil
        }
    }

    /// Puts `bytes` where others are.
    func replace(at offset: UInt64, with bytes: [UInt8]) {
        guard let window = Window(self, writes: true), let io = window.io else { return }
        withExtendedLifetime(window) {
            avio_seek(io, Int64(offset), 0)
            avio_write(io, bytes, CInt(bytes.count))
            avio_flush(io)
        }
    }
}

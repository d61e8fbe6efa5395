import Foundation

/// Reads exactly `count` bytes from `offset` of an open file; a file that ends before is an error. Blocks.
func readExactly(_ descriptor: CInt, at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filled < count {
            let rest = unsafe UnsafeMutableRawBufferPointer(
                UnsafeMutableBufferPointer(rebasing: buffer[filled..<count]))
            let got = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
            if got > 0 {
                filled += got
            } else if got == 0 || errno != EINTR {
                failure = got == 0 ? FileError(code: EIO) : .last
                return
            }
        }
    }
    if let failure { throw failure }
    return bytes
}

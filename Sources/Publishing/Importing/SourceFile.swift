import Foundation

/// A fetched file that is read once from its beginning to its end. Reading blocks.
final class SourceFile: Sendable {
    private let descriptor: CInt

    /// Opens a regular file; links are not followed.
    init(opening path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Reads exactly `count` bytes from `offset`; a file that ends before is an error.
    func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        try readExactly(descriptor, at: offset, count: count)
    }
}

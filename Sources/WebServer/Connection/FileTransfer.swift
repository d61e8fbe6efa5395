import NIOCore

/// A range of a file on its way to the client, window by window.
final class FileTransfer {
    /// What is handed to the kernel at once.
    static let window: Int64 = 1_048_576

    let file: OpenFile
    let handle: NIOFileHandle
    private(set) var left: Range<Int64>

    init(_ file: OpenFile, _ range: Range<Int64>) {
        self.file = file
        left = range
        handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor)
    }

    deinit {
        // The descriptor is the file's; it is taken back so that the handle does not close it.
        _ = try? handle.takeDescriptorOwnership()
    }

    var isFinished: Bool { left.isEmpty }

    /// The next window.
    var next: Range<Int64> { left.lowerBound..<min(left.upperBound, left.lowerBound + Self.window) }

    func advance(to position: Int64) {
        left = position..<left.upperBound
    }

    func region(_ range: Range<Int64>) -> FileRegion {
        FileRegion(fileHandle: handle, readerIndex: Int(range.lowerBound), endIndex: Int(range.upperBound))
    }
}

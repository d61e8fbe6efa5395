import NIOCore

/// One batch on its way through a worker thread. The event loop hands it over and does not touch it until it is
/// back, so that the buffer has one owner at any time and is never copied: that makes it `Sendable`.
final class ReadJob: @unchecked Sendable {
    var buffer: ByteBuffer
    let requests: [QueuedBlock]
    private let file: ContentFile

    init(buffer: ByteBuffer, requests: [QueuedBlock], file: ContentFile) {
        self.buffer = buffer
        self.requests = requests
        self.file = file
    }

    /// Blocking.
    func run() -> BlockReader.Outcome {
        BlockReader.readWaiting(requests, from: file, into: &buffer)
    }
}

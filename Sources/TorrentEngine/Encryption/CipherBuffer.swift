import NIOCore

/// Where incoming bytes are decrypted; one serves all connections of an event loop, and after the first reads it
/// costs no allocation. NIO keeps its own receive buffer for the next read, so that one cannot be changed in place.
final class CipherBuffer {
    private var bytes = ByteBuffer()

    /// The bytes of `buffer`, decrypted; to be let go of before the next call, which otherwise has to allocate.
    func decrypted(_ buffer: ByteBuffer, by streams: EncryptedStreams) -> ByteBuffer {
        bytes.clear()
        bytes.writeBytes(buffer.readableBytesSpan)
        var span = bytes.mutableReadableBytesSpan
        streams.decrypt(&span)
        return bytes
    }
}

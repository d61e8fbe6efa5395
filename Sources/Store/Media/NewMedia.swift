/// A content that is about to be received.
public struct NewMedia: Equatable, Sendable {
    /// Bytes as the client declared them; nil where it did not.
    public var declaredSize: Int64?
    /// The stable file name it will have.
    public var fileName: String
    /// Bytes in each chunk but the last.
    public var chunkSize: Int

    /// Makes a new content; chunks are 256 KiB unless measured better.
    public init(declaredSize: Int64?, fileName: String, chunkSize: Int = 256 << 10) {
        self.declaredSize = declaredSize
        self.fileName = fileName
        self.chunkSize = chunkSize
    }
}

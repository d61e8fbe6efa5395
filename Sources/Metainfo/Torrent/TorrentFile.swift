/// One file of a torrent.
public struct TorrentFile: Hashable, Sendable {
    /// The components of its path, made safe; the torrent's name is not among them unless it is the only file.
    public let path: [String]
    /// How many bytes it has.
    public let length: Int64
    /// Where it begins, counted from the torrent's first byte, padding included.
    public let offset: Int64
    /// Whether it only fills up to the next piece with zeros (BEP 47).
    public let isPadding: Bool
    /// The root of its Merkle tree, 32 bytes (BEP 52); nil for empty files and in version 1.
    public let piecesRoot: [UInt8]?

    /// A file by its parts.
    public init(path: [String], length: Int64, offset: Int64, isPadding: Bool = false, piecesRoot: [UInt8]? = nil) {
        self.path = path
        self.length = length
        self.offset = offset
        self.isPadding = isPadding
        self.piecesRoot = piecesRoot
    }
}

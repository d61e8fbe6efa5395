public import Metainfo

/// How a torrent is made from a path.
public struct CreationOptions: Equatable, Sendable {
    /// Piece length in bytes, a power of two between 16 KiB and 64 MiB; chosen from the size when nil.
    public var pieceLength: Int?
    /// The torrent's name; that of the file or folder when nil.
    public var name: String?
    /// Whether clients may learn peers from trackers only (BEP 27).
    public var isPrivate: Bool
    /// Which versions of BitTorrent can use it.
    public var format: TorrentFormat
    /// Worker threads at most; the machine's number of cores (at most eight) when nil.
    public var workers: Int?

    /// The defaults: everything chosen, version 1, public.
    public init(
        pieceLength: Int? = nil, name: String? = nil, isPrivate: Bool = false, format: TorrentFormat = .v1,
        workers: Int? = nil
    ) {
        self.pieceLength = pieceLength
        self.name = name
        self.isPrivate = isPrivate
        self.format = format
        self.workers = workers
    }
}

/// How far the making of a torrent is.
public struct CreationProgress: Equatable, Sendable {
    /// Bytes hashed so far.
    public let hashedLength: Int64
    /// Bytes to hash in all.
    public let totalLength: Int64
}

public import Catalog
public import Metainfo

/// A torrent to seed: the facts that an idle torrent needs, and how to get the rest when a peer comes.
public struct PublishedTorrent: Sendable {
    /// The hash peers ask for.
    public let infoHash: InfoHash
    /// The other hash by which peers find a hybrid (BEP 52).
    public let alias: InfoHash?
    /// How the bytes are cut into pieces.
    public let layout: PieceLayout
    /// `info.name`.
    public let name: String
    /// The content.
    public let media: MediaID
    /// Downloads finished so far.
    public let completed: UInt64
    /// Trackers of others that it came with: it goes on being announced there.
    public let otherTrackers: TrackerTiers
    /// Reads the raw `info` dictionary from the database. Throws ``PublishingError``.
    public let loadInfoBytes: @Sendable () async throws -> [UInt8]
    /// Reads the piece layers for peers that ask for hashes (BEP 52); nil in version 1. Throws ``PublishingError``.
    public let loadPieceLayers: (@Sendable () async throws -> [[UInt8]: [UInt8]])?
    /// Opens the cache file; rebuilds it from the chunks when it is missing, which may take long. Throws
    /// ``PublishingError``.
    public let openContent: @Sendable () async throws -> CachedFile
    /// Gives up the cache file after a read from it failed; the next ``openContent`` rebuilds it.
    public let discardContent: @Sendable () async -> Void
}

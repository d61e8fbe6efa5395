public import ClipIndex
public import Media
public import TorrentCreation
public import Catalog

/// An upload whose last byte has come, that was hashed and recognised as film or sound, and that is not published yet.
///
/// Hand it to ``Publisher/publish(_:as:idempotencyKey:)`` or call ``abandon()``; left alone it is removed by the
/// sweeper.
public struct ReceivedMedia: Sendable {
    /// The content's row, still in state `receiving`.
    public let id: MediaID
    /// The stable `info.name`.
    public internal(set) var fileName: String
    /// What the worker saw.
    public let facts: MediaFacts
    /// Pieces (SHA-1) and the SHA-256 tree.
    public let hashes: PieceHashes
    /// The clip index where the container's tables give it at once.
    public let index: FilmIndex?
    /// Where the bytes begin that travel with the final transaction.
    let lastBatchOffset: Int64
    let session: IngestSession

    /// The film's length in bytes.
    public var size: Int64 { hashes.totalLength }

    /// What names these bytes in cache and answers: the first 20 bytes of the tree's root, in hex.
    var etag: String { hashes.etag }

    /// Bytes in a row of chunks.
    var chunkLength: Int { session.chunkLength }

    /// Removes everything that was received.
    public func abandon() async { await session.abandon() }

    /// Removes the chunks; the spool file may become the cache file of the equal content that is there already.
    func abandon(keepingSpool: Bool) async { await session.abandon(keepingSpool: keepingSpool) }
}

public import Catalog

/// What the cache needs to know of a content; small, since every seeded torrent holds one.
public struct ContentReference: Sendable, Hashable {
    /// The content's row.
    public let id: MediaID
    /// Its length in bytes.
    public let size: Int64
    /// What names its bytes: 40 hex digits of the root of its SHA-256 tree.
    public let etag: String

    /// Makes a reference.
    public init(id: MediaID, size: Int64, etag: String) {
        self.id = id
        self.size = size
        self.etag = etag
    }

    /// The reference of `media`.
    public init(_ media: MediaSummary) { self.init(id: media.id, size: media.size, etag: media.etag) }
}

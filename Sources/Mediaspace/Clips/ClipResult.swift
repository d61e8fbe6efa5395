public import Media

/// A clip that was brought out of the swarm.
public struct ClipResult: Sendable, Equatable {
    /// The torrent it comes from.
    public let id: MediaID
    /// The film's path in the torrent.
    public let film: String
    /// Bytes of the whole film.
    public let filmBytes: Int64
    /// The clip's file.
    public let path: String
    /// What was cut.
    public let cut: CutFacts
    /// Content bytes that came out of the swarm for it, bad and double ones included.
    public let bytesFetched: Int64
    /// Whether it was cut by an index that came with the torrent, so that the pieces were known at once.
    public let hadIndex: Bool
}

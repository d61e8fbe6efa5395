public import ClipIndex

/// What a clip costs whoever fetches it from the swarm.
public struct ClipCost: Equatable, Sendable {
    /// Which bytes of the film hold the clip, and where it really begins.
    public let plan: ClipPlan
    /// Which pieces of the film's torrent hold these bytes; nil while it has no torrent.
    public let pieces: ClipPieces?
    /// Bytes of a piece; nil while the film has no torrent.
    public let pieceLength: Int?
    /// Bytes of the whole film.
    public let filmBytes: Int64
    /// Seconds of the whole film.
    public let filmDuration: Double

    /// Makes a cost from its parts.
    public init(plan: ClipPlan, pieces: ClipPieces?, pieceLength: Int?, filmBytes: Int64, filmDuration: Double) {
        self.plan = plan
        self.pieces = pieces
        self.pieceLength = pieceLength
        self.filmBytes = filmBytes
        self.filmDuration = filmDuration
    }
}

public import ClipIndex

/// What a clip will cost, told before it is fetched.
public struct ClipEstimate: Sendable, Equatable {
    /// Which bytes of the film hold it.
    public let plan: ClipPlan
    /// In which pieces they lie.
    public let pieces: ClipPieces
    /// Bytes of these pieces that are not here yet.
    public let missingBytes: Int64
    /// Bytes of the whole film.
    public let filmBytes: Int64
}

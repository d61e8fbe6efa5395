/// A claimed job: whoever holds its latest fence owns it until the lease ends.
public struct Job: Equatable, Sendable {
    /// The job's number.
    public let id: JobID
    /// What to do.
    public let kind: JobKind
    /// The content it is about.
    public let mediaID: MediaID?
    /// More to know, as its kind likes it.
    public let payload: String
    /// Which try this is, from 1.
    public let attempt: Int
    /// Grows with every claim; an answer with an old fence changes nothing.
    public let fence: Int64

    /// Makes a job from its parts.
    public init(id: JobID, kind: JobKind, mediaID: MediaID?, payload: String, attempt: Int, fence: Int64) {
        self.id = id
        self.kind = kind
        self.mediaID = mediaID
        self.payload = payload
        self.attempt = attempt
        self.fence = fence
    }
}

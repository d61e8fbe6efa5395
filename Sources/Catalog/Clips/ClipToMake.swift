/// What the job that makes a film out of a clip is told: which clip, and how it is cut.
public struct ClipToMake: Hashable, Sendable {
    /// The clip.
    public let clip: ClipID
    /// Whether it is encoded anew, so that the film has nothing from before the clip's start.
    public let isExact: Bool

    /// Names a clip and how it is cut.
    public init(clip: ClipID, isExact: Bool) {
        self.clip = clip
        self.isExact = isExact
    }

    /// Reads a payload: the clip's number, and `exact` where it is. Nil for anything else.
    public init?(payload: String) {
        let words = payload.split(separator: " ", omittingEmptySubsequences: false)
        guard let clip = words.first.flatMap({ ClipID(String($0)) }), words.count <= 2,
            words.count < 2 || words.last == "exact"
        else { return nil }
        self.init(clip: clip, isExact: words.count == 2)
    }

    /// The payload of the job.
    public var payload: String { isExact ? "\(clip) exact" : "\(clip)" }
}

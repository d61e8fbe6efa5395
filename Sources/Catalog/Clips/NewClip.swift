/// A clip to be saved.
public struct NewClip: Hashable, Sendable {
    /// The shortest clip that is saved, in seconds.
    public static let shortest = 0.1
    /// The last second that a clip may have.
    public static let latest = 1e9

    /// The film it is a part of.
    public let videoID: VideoID
    /// Who saves it.
    public let ownerID: UserID
    /// The title.
    public let title: Title
    /// The description.
    public let description: Description
    /// From when to when it goes.
    public let times: ClipTimes

    /// Makes a clip from its parts. Throws where the times are no interval, or one shorter than ``shortest``; whether
    /// the film is so long is not known here.
    public init(
        videoID: VideoID, ownerID: UserID, title: Title, description: Description, times: ClipTimes
    ) throws(CatalogError) {
        // Comparisons with what is no number are false.
        guard times.start >= 0, times.end <= Self.latest, times.length >= Self.shortest - 1e-9 else {
            throw CatalogError(
                field: "end", sentence: "A saved clip ends at least a tenth of a second after it begins.")
        }
        self.videoID = videoID
        self.ownerID = ownerID
        self.title = title
        self.description = description
        self.times = times
    }
}

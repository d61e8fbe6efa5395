/// What a publisher says about a video that is about to be.
public struct NewVideo: Equatable, Sendable {
    /// The title; its slug is made from it.
    public var title: Title
    /// The description.
    public var description: Description
    /// The tags.
    public var tags: [Tag]
    /// Who publishes it.
    public var ownerID: UserID

    /// Makes a new video from its parts.
    public init(title: Title, description: Description, tags: [Tag], ownerID: UserID) {
        self.title = title
        self.description = description
        self.tags = tags
        self.ownerID = ownerID
    }
}

/// What an edit of a video changes; nil leaves a part as it is.
public struct VideoChanges: Equatable, Sendable {
    /// The new title; the slug stays.
    public var title: Title?
    /// The new description.
    public var description: Description?
    /// The new tags.
    public var tags: [Tag]?

    /// Makes changes from their parts.
    public init(title: Title? = nil, description: Description? = nil, tags: [Tag]? = nil) {
        self.title = title
        self.description = description
        self.tags = tags
    }
}

/// What an edit of a clip changes; nil leaves a part as it is.
public struct ClipChanges: Hashable, Sendable {
    /// The new title; the slug stays.
    public var title: Title?
    /// The new description.
    public var description: Description?

    /// Makes changes from their parts.
    public init(title: Title? = nil, description: Description? = nil) {
        self.title = title
        self.description = description
    }
}

/// How much of what lies on the disk is hashed before it counts.
public enum ContentCheck: Sendable, Hashable {
    /// The saved state is believed where files have the size and time it names; all else is hashed.
    case asSaved
    /// Everything is hashed.
    case full
    /// Nothing is hashed: the caller knows that the content is whole.
    case trusted
}

/// Whether a clip has become a film of its own.
public enum ClipMaking: Hashable, Sendable {
    /// Nobody asked for it.
    case not
    /// A job makes it.
    case making
    /// It could not be made: a sentence that says why. It may be tried again.
    case failed(reason: String)
    /// It is this film.
    case made(slug: Slug, title: String)
    /// It is a film that is taken down: nobody is told which, and no other is made.
    case hidden
}

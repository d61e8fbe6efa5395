/// Whether a video can be seen.
public enum VideoState: String, Sendable {
    /// Everyone sees it, and its torrent is tracked and seeded.
    case published
    /// An admin or its owner took it down: its page and media answer 410; it can be restored.
    case takenDown = "taken_down"
}

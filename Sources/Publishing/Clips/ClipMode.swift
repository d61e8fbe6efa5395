/// How a clip is cut out of its film.
public enum ClipMode: String, Sendable, CaseIterable {
    /// Nothing is encoded anew: the clip's bytes begin at the key frame before the asked start.
    case fast
    /// Encoded anew, so that it begins and ends at the very frame. Takes long.
    case exact
    /// The sound alone, not encoded anew.
    case audio
}

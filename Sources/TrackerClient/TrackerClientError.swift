public import TrackerWire

/// Why a tracker gave no answer that is of use. All texts are cleaned: one printable line of at most 200 characters.
public enum TrackerClientError: Error, Hashable, Sendable {
    /// The tracker refused, in its own words, and perhaps said when to come back (BEP 31).
    case refused(reason: String, retryIn: TrackerFailure.Retry?)
    /// It was not reached, or answered with no answer of a tracker. The text says why.
    case unreachable(String)
    /// Its answer cannot be read. The text says what is wrong.
    case malformed(String)
    /// The address rules forbid where the name leads; nothing was sent there.
    case forbidden
    /// It did not answer in time.
    case timedOut
}

extension TrackerClientError: CustomStringConvertible {
    /// A sentence for people; a refusal's is the tracker's own.
    public var description: String {
        switch self {
        case .refused(let reason, _): reason
        case .unreachable(let text), .malformed(let text): text
        case .forbidden: "The tracker's address lies in a network that may not be reached from here."
        case .timedOut: "The tracker did not answer."
        }
    }

    /// Whether the tracker as a whole is out of order, so that other torrents need not ask it now; a refusal concerns
    /// one torrent.
    public var concernsTracker: Bool {
        if case .refused = self { return false }
        return true
    }
}

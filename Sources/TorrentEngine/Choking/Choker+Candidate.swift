extension Choker {
    /// Whom the choker favours.
    enum Mode: Sendable, Hashable {
        /// We have all we want: those who take fastest spread the torrent soonest.
        case seed
        /// We still take: those who give most get most (tit for tat).
        case leech
    }

    /// What the choker has to know of a peer.
    struct Candidate: Sendable {
        let id: PeerNumber
        let isInterested: Bool
        /// Bytes a second sent to it in the last round.
        let rate: Double
        /// Bytes a second it sent to us, over the last two rounds or so.
        var givenRate: Double = 0
        /// It owes us blocks and has sent none for a minute.
        var isSnubbing = false
        /// When it was last choked or unchoked.
        let since: ContinuousClock.Instant
        /// When it connected; nil: long ago.
        var connectedAt: ContinuousClock.Instant?
        let isUnchoked: Bool
    }
}

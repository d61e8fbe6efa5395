import PeerWire

/// What the scheduler wants done; the connections and the web seed clients do it.
enum SchedulerCommand: Hashable, Sendable {
    /// Ask this peer for a block.
    case request(PeerNumber, BlockRequest)
    /// Tell this peer that a block it was asked for is no longer wanted.
    case cancel(PeerNumber, BlockRequest)
    /// Tell this peer whether it has anything we want.
    case interest(PeerNumber, Bool)
    /// Fetch these bytes of the torrent from this web seed; whole blocks, in ascending order.
    case fetchSpan(PeerNumber, Range<Int64>)
    /// End what this web seed fetches.
    case cancelSpan(PeerNumber)
    /// This peer has sent nothing for a minute although asked, or has begun to send again.
    case snubbed(PeerNumber, Bool)
}

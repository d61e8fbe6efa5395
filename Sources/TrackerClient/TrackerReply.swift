public import ByteCoding
public import TrackerWire

/// An answer to an announce with the address that gave it.
public struct TrackerReply: Hashable, Sendable {
    /// What the tracker answered; its words are cleaned.
    public let answer: AnnounceAnswer
    /// Where the tracker was reached: who names peers decides on which of them may be dialled.
    public let remote: IPAddress
}

extension [TrackerReply] {
    /// One answer of those of several address families: the highest counts, all peers, the shortest interval; nil when
    /// there is none.
    public var joined: AnnounceAnswer? {
        guard var joined = first?.answer else { return nil }
        for reply in dropFirst() { joined.join(reply.answer) }
        return joined
    }
}

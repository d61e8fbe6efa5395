public import ByteCoding
public import TrackerWire

/// An answer to an announce with the address that gave it.
public struct TrackerReply: Hashable, Sendable {
    /// What the tracker answered; its words are cleaned.
    public let answer: AnnounceAnswer
    /// Where the tracker was reached: who names peers decides on which of them may be dialled.
    public let remote: IPAddress
}

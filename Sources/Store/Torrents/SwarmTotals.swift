/// What is counted over a torrent's whole life; survives restarts.
public struct SwarmTotals: Equatable, Sendable {
    /// Bytes our seeder has sent.
    public var uploaded: UInt64
    /// Downloads that announced their completion.
    public var completed: UInt64

    /// Makes totals.
    public init(uploaded: UInt64 = 0, completed: UInt64 = 0) {
        self.uploaded = uploaded
        self.completed = completed
    }
}

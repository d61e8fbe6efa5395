/// After how much silence a peer is gone. Peers keep the interval they were told: when a policy shortens it, those that
/// were told the longer one are waited for until they have had the time to hear of it.
struct PeerLifetime: Sendable {
    private var interval: Int
    private var former = 0
    private var formerEnds: UInt32 = 0

    init(interval: Int) { self.interval = interval }

    /// Notes a new interval, in seconds.
    mutating func change(to new: Int, now: UInt32) {
        guard new != interval else { return }
        if interval > new {
            former = max(interval, held(now))
            formerEnds = max(formerEnds, now &+ UInt32(clamping: 2 * interval))
        }
        interval = new
    }

    /// Seconds of silence a peer is granted now.
    func seconds(now: UInt32) -> UInt16 { UInt16(clamping: 2 * max(interval, held(now))) }

    private func held(_ now: UInt32) -> Int { now < formerEnds ? former : 0 }
}

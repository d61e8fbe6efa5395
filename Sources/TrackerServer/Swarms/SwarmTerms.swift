/// What holds for one announce beside what it says: the time, and the limits of the moment.
struct SwarmTerms: Sendable {
    /// Seconds, by the tracker's clock.
    let now: UInt32
    /// How many addresses a swarm remembers per family.
    let peersPerSwarm: Int
    /// How many ports of one network; 0 for no limit.
    let peersPerAddress: Int
    /// By what peers are chosen.
    let rule: HandOutRule

    /// How many addresses one client may have in a swarm and family: more than any has, and few enough to look at.
    static let peersPerClient = 8

    init(_ policy: TrackerPolicy, now: UInt32) {
        self.now = now
        peersPerSwarm = policy.peersPerSwarm
        peersPerAddress = policy.peersPerAddress
        rule = policy.handOut
    }
}

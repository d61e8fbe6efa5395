import DHTWire

/// A node of the routing table: one that has answered us.
struct RoutingNode: Sendable {
    /// How long a node counts as good after it was heard of (BEP 5).
    static let freshness = Duration.seconds(15 * 60)

    let contact: NodeContact
    /// When it last answered or asked us.
    var seenAt: ContinuousClock.Instant
    /// Questions in a row that it has not answered.
    var failures = 0

    /// It gets no places in answers, and its own goes to the next that wants it.
    var isBad: Bool { failures >= 3 }

    func isGood(now: ContinuousClock.Instant) -> Bool { failures == 0 && now - seenAt < Self.freshness }
}

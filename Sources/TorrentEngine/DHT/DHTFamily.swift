import ByteCoding
import DHTWire

/// What the node is in one address family: two families are two tables, and as a rule two ids (BEP 32, BEP 42).
struct DHTFamily {
    /// How long an id is kept before another address may change it again.
    private static let restBetweenChanges = Duration.seconds(10 * 60)
    var table: RoutingTable
    private(set) var externalAddress: IPAddress?
    private var votes = AddressVotes()
    private var changedAt: ContinuousClock.Instant?

    init(id: NodeID) { table = RoutingTable(id: id) }

    /// A node that we asked says where it sees us. Returns true when that gave us another id.
    mutating func isSeen(
        at address: IPAddress, by voter: IPAddress, random: inout DHTRandom, now: ContinuousClock.Instant
    ) -> Bool {
        guard let agreed = votes.record(address, from: voter) else { return false }
        externalAddress = agreed
        guard !table.id.isValid(at: agreed) else { return false }
        if let changedAt, now - changedAt < Self.restBetweenChanges { return false }
        changedAt = now
        table = table.moved(to: NodeID(for: agreed, random: random.nodeID()))
        return true
    }
}

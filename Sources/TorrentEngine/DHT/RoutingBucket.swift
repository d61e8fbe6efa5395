import ByteCoding
import DHTWire

/// The nodes that share so and so many leading bits with our id, and some that wait for a place.
struct RoutingBucket {
    static let spareCapacity = 8
    private(set) var nodes: [RoutingNode] = []
    private(set) var spares: [RoutingNode] = []
    /// When a lookup last went through here; nil for never.
    var refreshedAt: ContinuousClock.Instant?
    let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    func index(of endpoint: Endpoint) -> Int? { nodes.firstIndex { $0.contact.endpoint == endpoint } }

    /// What becomes of a node that wants a place.
    enum Outcome {
        case added
        /// It took the place of a worse one.
        case replaced(NodeContact)
        case waits
    }

    /// Gives a node a place: a free one, that of a bad node, or that of one whose id does not belong to its address
    /// when its own does (BEP 42). Never two of one network.
    mutating func insert(_ node: RoutingNode) -> Outcome {
        if let neighbour = neighbour(of: node.contact) {
            return nodes[neighbour].isBad ? replace(neighbour, by: node) : .waits
        }
        if nodes.count < capacity {
            nodes.append(node)
            return .added
        }
        if let bad = nodes.firstIndex(where: \.isBad) { return replace(bad, by: node) }
        if node.contact.isValid, let invalid = nodes.firstIndex(where: { !$0.contact.isValid }) {
            return replace(invalid, by: node)
        }
        keepSpare(node)
        return .waits
    }

    /// Whether a node at that address could get a place now, so that asking it is worth a packet.
    func hasRoom(for contact: NodeContact) -> Bool {
        if let neighbour = neighbour(of: contact) { return nodes[neighbour].isBad }
        return nodes.count < capacity || nodes.contains { $0.isBad || contact.isValid && !$0.contact.isValid }
    }

    mutating func update(_ index: Int, _ change: (inout RoutingNode) -> Void) {
        guard nodes.indices.contains(index) else { return }
        change(&nodes[index])
    }

    /// Takes a node out; a spare follows it, the one seen last first. Returns the spare.
    ///
    /// - Parameter isFree: Whether an address has no node in the table.
    mutating func remove(at index: Int, isFree: (Endpoint) -> Bool) -> NodeContact? {
        guard nodes.indices.contains(index) else { return nil }
        nodes.remove(at: index)
        while let spare = spares.popLast() {
            guard isFree(spare.contact.endpoint), neighbour(of: spare.contact) == nil else { continue }
            nodes.append(spare)
            return spare.contact
        }
        return nil
    }

    /// The node of the same network, if there is one.
    private func neighbour(of contact: NodeContact) -> Int? {
        guard let network = NetworkKey(contact.endpoint.address) else { return nil }
        return nodes.firstIndex { NetworkKey($0.contact.endpoint.address) == network }
    }

    private mutating func replace(_ index: Int, by node: RoutingNode) -> Outcome {
        let old = nodes[index].contact
        nodes[index] = node
        return .replaced(old)
    }

    private mutating func keepSpare(_ node: RoutingNode) {
        spares.removeAll { AddressKey($0.contact.endpoint) == AddressKey(node.contact.endpoint) }
        spares.append(node)
        if spares.count > Self.spareCapacity { spares.removeFirst() }
    }
}

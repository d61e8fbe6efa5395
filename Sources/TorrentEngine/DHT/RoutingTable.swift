import ByteCoding
import DHTWire

/// The nodes we know, dense near our own id and sparse far from it (BEP 5). One address family.
///
/// Only nodes that answered a question of ours get in, one for each address and one for each network in a bucket, so
/// that nobody fills the table with names.
struct RoutingTable {
    /// Nodes in an answer, and in a bucket far from the root.
    static let k = 8
    /// Failures in a row after which a node goes even though nobody waits for its place.
    private static let lastFailure = 5

    /// Our id in this family.
    let id: NodeID
    private var buckets: [RoutingBucket]
    private var places: [AddressKey: NodeContact] = [:]

    init(id: NodeID) {
        self.id = id
        // The first buckets cover most of the DHT: more nodes there save lookups a hop.
        buckets = (0..<NodeID.bitCount).map { RoutingBucket(capacity: $0 == 0 ? 32 : $0 == 1 ? 16 : Self.k) }
    }

    /// How many nodes are in the table.
    var count: Int { places.count }

    /// All nodes.
    var nodes: [RoutingNode] { buckets.flatMap(\.nodes) }

    /// The node at an address, if it is in the table.
    func contact(at endpoint: Endpoint) -> NodeContact? {
        places[AddressKey(endpoint)].flatMap { $0.endpoint == endpoint ? $0 : nil }
    }

    /// A node has answered us. Returns whether it is in the table now.
    @discardableResult
    mutating func answered(_ contact: NodeContact, now: ContinuousClock.Instant) -> Bool {
        guard contact.id != id else { return false }
        let key = AddressKey(contact.endpoint)
        if let known = places[key] {
            if known == contact {
                update(known) {
                    $0.seenAt = now
                    $0.failures = 0
                }
                return true
            }
            // The very same socket under another id has begun anew; another socket there waits until this one is gone.
            guard known.endpoint == contact.endpoint || isBad(known) else { return false }
            remove(known)
        }
        let bucket = index(of: contact.id)
        if let same = buckets[bucket].nodes.first(where: { $0.contact.id == contact.id })?.contact {
            guard isBad(same) else { return false }
            remove(same)
        }
        switch buckets[bucket].insert(RoutingNode(contact: contact, seenAt: now)) {
        case .waits: return false
        case .replaced(let old): places[AddressKey(old.endpoint)] = nil
        case .added: break
        }
        places[key] = contact
        return true
    }

    /// A node has asked us: it is alive, when it is the one we know.
    mutating func asked(by contact: NodeContact, now: ContinuousClock.Instant) {
        guard places[AddressKey(contact.endpoint)] == contact else { return }
        update(contact) { if $0.failures == 0 { $0.seenAt = now } }
    }

    /// A node has not answered. After some times another takes its place.
    mutating func failed(at endpoint: Endpoint) {
        guard let contact = contact(at: endpoint) else { return }
        let bucket = index(of: contact.id)
        guard let place = buckets[bucket].index(of: endpoint) else { return }
        buckets[bucket].update(place) { $0.failures += 1 }
        let node = buckets[bucket].nodes[place]
        if node.failures >= Self.lastFailure || node.isBad && !buckets[bucket].spares.isEmpty { remove(contact) }
    }

    /// Whether asking a node we do not know yet could bring it into the table.
    func hasRoom(for contact: NodeContact) -> Bool {
        contact.id != id && places[AddressKey(contact.endpoint)] == nil
            && buckets[index(of: contact.id)].hasRoom(for: contact)
    }

    /// The nodes nearest to a target that are not bad, nearest first.
    func closest(to target: NodeID, count: Int = k, where isWanted: (NodeContact) -> Bool = { _ in true })
        -> [NodeContact]
    {
        var found: [(distance: NodeID, contact: NodeContact)] = []
        for bucket in buckets {
            for node in bucket.nodes where !node.isBad && isWanted(node.contact) {
                found.append((node.contact.id.distance(to: target), node.contact))
            }
        }
        return found.sorted { $0.distance < $1.distance }.prefix(count).map(\.contact)
    }

    /// The node not heard of for longest, when that is a quarter of an hour or it has failed since.
    func questionable(now: ContinuousClock.Instant) -> NodeContact? {
        var oldest: RoutingNode?
        for bucket in buckets {
            for node in bucket.nodes where !node.isGood(now: now) && node.seenAt < oldest?.seenAt ?? now {
                oldest = node
            }
        }
        return oldest?.contact
    }

    /// A place in a bucket that no lookup went through for a quarter of an hour, and notes that one does now.
    mutating func refreshTarget(random: NodeID, now: ContinuousClock.Instant) -> NodeID? {
        let deepest = buckets.lastIndex { !$0.nodes.isEmpty } ?? 0
        for bucket in 0...deepest {
            if let last = buckets[bucket].refreshedAt, now - last < RoutingNode.freshness { continue }
            buckets[bucket].refreshedAt = now
            return id.neighbour(sharing: bucket, random: random)
        }
        return nil
    }

    /// A lookup goes to `target`: its bucket needs no refreshing.
    mutating func touch(_ target: NodeID, now: ContinuousClock.Instant) {
        buckets[index(of: target)].refreshedAt = now
    }

    private func index(of other: NodeID) -> Int { min(id.sharedPrefix(with: other), NodeID.bitCount - 1) }

    private func isBad(_ contact: NodeContact) -> Bool {
        let bucket = buckets[index(of: contact.id)]
        return bucket.index(of: contact.endpoint).map { bucket.nodes[$0].isBad } ?? true
    }

    private mutating func update(_ contact: NodeContact, _ change: (inout RoutingNode) -> Void) {
        let bucket = index(of: contact.id)
        if let place = buckets[bucket].index(of: contact.endpoint) { buckets[bucket].update(place, change) }
    }

    private mutating func remove(_ contact: NodeContact) {
        places[AddressKey(contact.endpoint)] = nil
        let bucket = index(of: contact.id)
        guard let place = buckets[bucket].index(of: contact.endpoint) else { return }
        let spare = buckets[bucket].remove(at: place) { places[AddressKey($0)] == nil }
        if let spare { places[AddressKey(spare.endpoint)] = spare }
    }

    /// The same nodes around another id of ours.
    func moved(to id: NodeID) -> RoutingTable {
        var table = RoutingTable(id: id)
        for node in nodes where !node.isBad { table.answered(node.contact, now: node.seenAt) }
        return table
    }
}

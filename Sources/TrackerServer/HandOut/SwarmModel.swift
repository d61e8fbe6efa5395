import ByteCoding

/// One swarm with nothing around it: no locks, no clock, seeded chance. The tables and the rule are the tracker's own;
/// simulations and measurements drive it.
package struct SwarmModel: Sendable {
    private var table = PeerTable<IPv4PeerAddress>()
    private var desk: HandOutDesk
    private let rule: HandOutRule
    private var endpoints: [Endpoint] = []

    /// A swarm without peers.
    ///
    /// - Parameters:
    ///   - mix: of what the answers of the `mixed` rule are made.
    ///   - seed: equal seeds give equal answers.
    package init(rule: HandOutRule, mix: HandOutMix = .standard, seed: UInt64) {
        self.rule = rule
        desk = HandOutDesk(seed: seed)
        desk.mix = mix
    }

    /// How many peers are in it.
    package var count: Int { table.count }

    /// Takes an announce in and appends the numbers of the peers that are handed out.
    ///
    /// - Parameters:
    ///   - peer: its number, below 2^24.
    ///   - uploaded: bytes, as it claims; so is `downloaded`.
    ///   - wanted: how many peers it gets at most.
    ///   - now: seconds.
    package mutating func announce(
        _ peer: UInt32, uploaded: UInt64, downloaded: UInt64, isSeeder: Bool, wanted: Int, now: UInt32,
        into peers: inout [UInt32]
    ) {
        guard let address = IPv4PeerAddress(Self.address(of: peer)) else { return }
        let asker = Self.announcement(of: peer, isSeeder: isSeeder)
        var slot =
            table.slot(address, Self.port)
            ?? table.insert(Self.entry(of: peer, at: address, marks: asker.marks))
        slot = table.setStatus(slot, asker.marks.intersection(.status))
        table.peers[slot].uploaded = CoarseCount.encode(uploaded)
        table.peers[slot].downloaded = CoarseCount.encode(downloaded)
        endpoints.removeAll(keepingCapacity: true)
        let terms = HandOutTerms(rule: rule, ceiling: .max, now: now)
        table.sample(wanted, for: asker, terms, desk: &desk, into: &endpoints)
        for endpoint in endpoints { peers.append((endpoint.address.v4Bits ?? Self.base) &- Self.base) }
    }

    /// Takes a peer out.
    package mutating func leave(_ peer: UInt32) {
        guard let address = IPv4PeerAddress(Self.address(of: peer)),
            let slot = table.slot(address, Self.port)
        else { return }
        table.remove(slot)
    }

    private static let port: UInt16 = 6881
    /// The first address of a public network that holds 2^24 of them.
    private static let base: UInt32 = 11 << 24

    private static func address(of peer: UInt32) -> IPAddress {
        IPAddress(v4: base | peer & 0xff_ffff)
    }

    private static func entry(
        of peer: UInt32, at address: IPv4PeerAddress, marks: PeerMarks
    ) -> PeerEntry<IPv4PeerAddress> {
        PeerEntry(address: address, port: port, seen: 0, peerTag: peer &+ 1, keyTag: 0, marks: marks)
    }

    private static func announcement(of peer: UInt32, isSeeder: Bool) -> Announcement {
        let address = address(of: peer)
        return Announcement(
            address: address, port: port, scope: .public, peerTag: peer &+ 1, keyTag: 0,
            role: isSeeder ? .seeding : .leeching, hasCompleted: false, leavesComplete: false, wanted: 0,
            takesBothFamilies: false, localAddress: address, mayLackMetadata: false)
    }
}

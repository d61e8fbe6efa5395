import ByteCoding
import Metainfo

/// One torrent's peers and counts. Pure: time and chance are passed in, the lock is the shard's.
struct Swarm: Sendable {
    let hash: InfoHash
    var v4 = PeerTable<IPv4PeerAddress>()
    var v6 = PeerTable<IPv6PeerAddress>()
    var tally = Tally()
    /// Nobody's claimed upload counts for more when peers are ranked: a code of `CoarseCount`, `.max` for no ceiling.
    var uploadCeiling = UInt16.max
    var isSeededHere = false
    /// Whether nobody allowed it: it came with an announce, and goes with its last peer.
    var isVisitor = false
    /// Whether anything happened since its snapshot was last asked for.
    var isTouched = false
    var completed: UInt64
    /// The torrent's bytes; 0 when not known.
    var size: UInt64 = 0

    init(hash: InfoHash, completed: UInt64) {
        self.hash = hash
        self.completed = completed
    }

    /// How many addresses are remembered.
    var entryCount: Int { v4.count + v6.count }

    var counts: SwarmCounts {
        SwarmCounts(
            seeders: Int(tally.seeders) + (isSeededHere ? 1 : 0), leechers: Int(tally.leechers), completed: completed,
            partialSeeds: Int(tally.partialSeeds), serverSeeding: isSeededHere)
    }

    /// Takes an announce in. True when the completion it tells of had not been counted for this entry or client.
    mutating func announce(_ announcement: Announcement, _ terms: SwarmTerms) -> Bool {
        let progress = CoarseProgress.encode(left: announcement.left, of: size)
        if let address = IPv4PeerAddress(announcement.address) {
            return Self.announce(announcement, at: address, progress, in: &v4, beside: &v6, &tally, terms)
        }
        guard let address = IPv6PeerAddress(announcement.address) else { return false }
        return Self.announce(announcement, at: address, progress, in: &v6, beside: &v4, &tally, terms)
    }

    /// Appends peers for the asker until `out` has `goal` endpoints; those of his own address family come first.
    mutating func sample(
        _ goal: Int, for asker: Announcement, _ terms: HandOutTerms, desk: inout HandOutDesk, into out: inout [Endpoint]
    ) {
        if asker.address.isIPv4 {
            v4.sample(goal - out.count, for: asker, terms, desk: &desk, into: &out)
            if asker.takesBothFamilies { v6.sample(goal - out.count, for: asker, terms, desk: &desk, into: &out) }
        } else {
            v6.sample(goal - out.count, for: asker, terms, desk: &desk, into: &out)
            if asker.takesBothFamilies { v4.sample(goal - out.count, for: asker, terms, desk: &desk, into: &out) }
        }
    }

    /// Drops peers that have been silent for too long, going on where the last call stopped.
    ///
    /// - Parameters:
    ///   - cursor: where to go on; `.start` for a whole pass.
    ///   - budget: how many entries may be looked at.
    /// - Returns: true when the swarm has been looked through to its end.
    mutating func expire(from cursor: inout ExpiryCursor, now: UInt32, lifetime: UInt16, budget: inout Int) -> Bool {
        if cursor.family == .v4 {
            guard Self.expire(&cursor.slot, &budget, in: &v4, beside: &v6, &tally, now: now, lifetime: lifetime)
            else { return false }
            cursor = ExpiryCursor(family: .v6)
        }
        guard Self.expire(&cursor.slot, &budget, in: &v6, beside: &v4, &tally, now: now, lifetime: lifetime)
        else { return false }
        cursor = .start
        return true
    }

    /// Every remembered address.
    func peers(now: UInt32, heads: ClientHeads) -> [SwarmPeer] {
        v4.peers.map { SwarmPeer($0, now, heads) } + v6.peers.map { SwarmPeer($0, now, heads) }
    }
}

extension SwarmPeer {
    init<A>(_ entry: PeerEntry<A>, _ now: UInt32, _ heads: ClientHeads) {
        self.init(
            endpoint: entry.endpoint, isSeeder: entry.marks.contains(.seeder),
            isPartialSeed: entry.marks.contains(.partialSeed), silentFor: Int(entry.silence(at: now)),
            client: heads.text(entry.client), progress: CoarseProgress.decode(entry.progress),
            uploaded: CoarseCount.decode(entry.uploaded), downloaded: CoarseCount.decode(entry.downloaded))
    }
}

/// Where the search for silent peers goes on within a swarm.
struct ExpiryCursor: Sendable {
    enum Family { case v4, v6 }

    var family: Family
    var slot = Int.max

    static let start = ExpiryCursor(family: .v4)
}

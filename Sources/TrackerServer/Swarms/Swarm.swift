import ByteCoding
import Metainfo

/// One torrent's peers and counts. Pure: time and chance are passed in, the lock is the shard's.
struct Swarm: Sendable {
    let hash: InfoHash
    private var v4 = PeerTable<IPv4PeerAddress>()
    private var v6 = PeerTable<IPv6PeerAddress>()
    private var tally = Tally()
    var completed: UInt64
    var isSeededHere = false

    init(hash: InfoHash, completed: UInt64) {
        self.hash = hash
        self.completed = completed
    }

    /// How many addresses are remembered.
    var entryCount: Int { v4.count + v6.count }

    var counts: SwarmCounts {
        SwarmCounts(
            seeders: tally.seeders + (isSeededHere ? 1 : 0), leechers: tally.leechers, completed: completed,
            partialSeeds: tally.partialSeeds, serverSeeding: isSeededHere)
    }

    /// Takes an announce in. True when the completion it tells of had not been counted for this entry or client.
    mutating func announce(_ announcement: Announcement, now: UInt32, limit: Int) -> Bool {
        if let address = IPv4PeerAddress(announcement.address) {
            return Self.announce(announcement, at: address, in: &v4, beside: &v6, &tally, now: now, limit: limit)
        }
        guard let address = IPv6PeerAddress(announcement.address) else { return false }
        return Self.announce(announcement, at: address, in: &v6, beside: &v4, &tally, now: now, limit: limit)
    }

    /// Appends peers for the asker until `out` has `goal` endpoints; those of his own address family come first.
    func sample(_ goal: Int, for asker: Announcement, random: inout FastRandom, into out: inout [Endpoint]) {
        if asker.address.isIPv4 {
            v4.sample(goal - out.count, for: asker, random: &random, into: &out)
            if asker.takesBothFamilies { v6.sample(goal - out.count, for: asker, random: &random, into: &out) }
        } else {
            v6.sample(goal - out.count, for: asker, random: &random, into: &out)
            if asker.takesBothFamilies { v4.sample(goal - out.count, for: asker, random: &random, into: &out) }
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
    func peers(now: UInt32) -> [SwarmPeer] {
        v4.peers.map { Self.peer($0, now) } + v6.peers.map { Self.peer($0, now) }
    }

    private static func peer<A>(_ entry: PeerEntry<A>, _ now: UInt32) -> SwarmPeer {
        SwarmPeer(
            endpoint: entry.endpoint, isSeeder: entry.marks.contains(.seeder),
            isPartialSeed: entry.marks.contains(.partialSeed), silentFor: Int(entry.silence(at: now)))
    }
}

/// Where the search for silent peers goes on within a swarm.
struct ExpiryCursor: Sendable {
    enum Family { case v4, v6 }

    var family: Family
    var slot = Int.max

    static let start = ExpiryCursor(family: .v4)
}

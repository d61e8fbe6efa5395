import ByteCoding
import Metainfo

/// The peers that others announced to us, kept for half an hour and bounded in every direction.
struct PeerStore {
    private struct StoredPeer {
        let endpoint: Endpoint
        let isSeed: Bool
        let storedAt: ContinuousClock.Instant
    }

    /// Peers of one torrent at one address.
    private static let portsPerAddress = 4
    private let limits: DHTLimits
    private var torrents: [InfoHash: [StoredPeer]] = [:]
    private var torrentsOfAddress: [AddressKey: Int] = [:]

    init(limits: DHTLimits) { self.limits = limits }

    /// How many torrents have peers here.
    var torrentCount: Int { torrents.count }
    /// How many peers are kept.
    var peerCount: Int { torrents.values.reduce(0) { $0 + $1.count } }

    /// Keeps a peer. Where there are too many of a kind the oldest goes; a torrent with few peers goes before one with
    /// many. False when its address is in too many torrents already.
    @discardableResult
    mutating func add(_ endpoint: Endpoint, to hash: InfoHash, isSeed: Bool, now: ContinuousClock.Instant) -> Bool {
        let key = AddressKey(endpoint)
        var peers = torrents[hash] ?? []
        let sameAddress = peers.indices.filter { AddressKey(peers[$0].endpoint) == key }
        if let known = peers.firstIndex(where: { $0.endpoint == endpoint }) {
            peers.remove(at: known)
        } else if sameAddress.count >= Self.portsPerAddress, let oldest = sameAddress.first {
            peers.remove(at: oldest)
        } else if sameAddress.isEmpty {
            guard torrentsOfAddress[key, default: 0] < limits.storedTorrentsPerAddress else { return false }
            if torrents[hash] == nil, torrents.count >= limits.storedTorrents { evictSmallest() }
            torrentsOfAddress[key, default: 0] += 1
        }
        if peers.count >= max(1, limits.storedPeersPerTorrent) {
            let oldest = peers.removeFirst()
            if !peers.contains(where: { AddressKey($0.endpoint) == AddressKey(oldest.endpoint) }) {
                uncount(AddressKey(oldest.endpoint))
            }
        }
        peers.append(StoredPeer(endpoint: endpoint, isSeed: isSeed, storedAt: now))
        torrents[hash] = peers
        return true
    }

    /// Some peers of a torrent, others at every call, that `isWanted` lets pass.
    func sample(
        of hash: InfoHash, noSeeds: Bool, limit: Int, random: inout DHTRandom, now: ContinuousClock.Instant,
        where isWanted: (Endpoint) -> Bool
    ) -> [Endpoint] {
        guard limit > 0, let peers = torrents[hash] else { return [] }
        var found = peers.filter {
            !(noSeeds && $0.isSeed) && now - $0.storedAt < limits.storedPeerLifetime && isWanted($0.endpoint)
        }
        guard found.count > limit else { return found.map(\.endpoint) }
        for index in 0..<limit {
            found.swapAt(index, Int.random(in: index..<found.count, using: &random))
        }
        return found.prefix(limit).map(\.endpoint)
    }

    /// Forgets what is too old.
    mutating func expire(now: ContinuousClock.Instant) {
        for (hash, peers) in torrents {
            let left = peers.filter { now - $0.storedAt < limits.storedPeerLifetime }
            guard left.count < peers.count else { continue }
            let kept = Set(left.map { AddressKey($0.endpoint) })
            for key in Set(peers.map { AddressKey($0.endpoint) }).subtracting(kept) { uncount(key) }
            torrents[hash] = left.isEmpty ? nil : left
        }
    }

    private mutating func evictSmallest() {
        guard let victim = torrents.min(by: { $0.value.count < $1.value.count }) else { return }
        for key in Set(victim.value.map({ AddressKey($0.endpoint) })) { uncount(key) }
        torrents[victim.key] = nil
    }

    private mutating func uncount(_ key: AddressKey) {
        let count = torrentsOfAddress[key, default: 0] - 1
        torrentsOfAddress[key] = count > 0 ? count : nil
    }
}

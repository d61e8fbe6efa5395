import ByteCoding
import Metainfo
import Publishing
import Synchronization

@testable import Site

/// Stands at the place of tracker and seeder, which are other targets: tests say what the counts are.
final class FakeSwarm: SwarmView, Seeding, SwarmRegistry {
    private struct State {
        var counts: [InfoHash: SwarmCounts] = [:]
        var reports: [InfoHash: [TrackerReport]] = [:]
        var usesOwn = true
        var peers: [InfoHash: [PeerLine]] = [:]
        var followers: [AsyncStream<InfoHash>.Continuation] = []
        var readings = 0
    }

    private let state = Mutex(State())

    func set(_ hash: InfoHash, _ counts: SwarmCounts) {
        state.withLock { $0.counts[hash] = counts }
        tell(hash)
    }

    /// What outside trackers say of a swarm, and whether torrents name our own tracker too.
    func set(_ hash: InfoHash, reports: [TrackerReport], usesOwn: Bool) {
        state.withLock { state in
            state.reports[hash] = reports
            state.usesOwn = usesOwn
        }
        tell(hash)
    }

    /// Who is in a swarm.
    func set(_ hash: InfoHash, peers: [PeerLine]) { state.withLock { $0.peers[hash] = peers } }

    func tell(_ hash: InfoHash) { for follower in state.withLock({ $0.followers }) { follower.yield(hash) } }

    func finish() { for follower in state.withLock({ $0.followers }) { follower.finish() } }

    /// How many follow all changes.
    var followerCount: Int { state.withLock { $0.followers.count } }

    /// How often counts were asked for.
    var readings: Int { state.withLock { $0.readings } }

    func counts(_ hash: InfoHash) -> SwarmCounts? {
        state.withLock { state in
            state.readings += 1
            return state.counts[hash]
        }
    }

    func changes() -> AsyncStream<InfoHash> {
        let (stream, continuation) = AsyncStream<InfoHash>.makeStream()
        state.withLock { $0.followers.append(continuation) }
        return stream
    }

    func trackers(_ hash: InfoHash) -> [TrackerReport] { state.withLock { $0.reports[hash] ?? [] } }

    func usesOwnTracker() -> Bool { state.withLock { $0.usesOwn } }

    func peers(_ hash: InfoHash) async -> [PeerLine] {
        if let peers = state.withLock({ $0.peers[hash] }) { return peers }
        guard let endpoint = Endpoint("127.0.0.1:51413") else { return [] }
        return [
            PeerLine(
                endpoint: endpoint, client: "<b>Evil</b> 1.0", progress: 0.5, uploaded: 2000, downloaded: 3000,
                sent: 1000, rate: 10, lastSeen: 5, source: .both)
        ]
    }

    func uploaded(_ hash: InfoHash) -> UInt64 { 1_234_567 }

    func seed(_ torrent: PublishedTorrent) async {
        set(torrent.infoHash, SwarmCounts(seeders: 1, serverSeeding: true))
    }

    func stopSeeding(_ hash: InfoHash) async { set(hash, SwarmCounts()) }

    func allow(_ hash: InfoHash, alias: InfoHash?, size: Int64, completed: UInt64) async {}

    func refuse(_ hash: InfoHash, removed: Bool) async {}
}

import Metainfo
import Publishing
import Synchronization

@testable import Site

/// Stands at the place of tracker and seeder, which are other targets: tests say what the counts are.
final class FakeSwarm: SwarmView, Seeding, SwarmRegistry {
    private struct State {
        var counts: [InfoHash: SwarmCounts] = [:]
        var listeners: [AsyncStream<(InfoHash, SwarmCounts)>.Continuation] = []
    }

    private let state = Mutex(State())

    func set(_ hash: InfoHash, _ counts: SwarmCounts) {
        let listeners = state.withLock { state in
            state.counts[hash] = counts
            return state.listeners
        }
        for listener in listeners { listener.yield((hash, counts)) }
    }

    func finish() { for listener in state.withLock({ $0.listeners }) { listener.finish() } }

    func counts(_ hash: InfoHash) -> SwarmCounts? { state.withLock { $0.counts[hash] } }

    func updates(for hashes: Set<InfoHash>) -> AsyncStream<(InfoHash, SwarmCounts)> {
        let (stream, continuation) = AsyncStream<(InfoHash, SwarmCounts)>.makeStream()
        state.withLock { $0.listeners.append(continuation) }
        return stream
    }

    func peers(_ hash: InfoHash) async -> [PeerLine] {
        [PeerLine(endpoint: "127.0.0.1:51413", client: "<b>Evil</b> 1.0", progress: 0.5, uploaded: 1000, rate: 10)]
    }

    func uploaded(_ hash: InfoHash) -> UInt64 { 1_234_567 }

    func seed(_ torrent: PublishedTorrent) async {
        set(torrent.infoHash, SwarmCounts(seeders: 1, serverSeeding: true))
    }

    func stopSeeding(_ hash: InfoHash) async { set(hash, SwarmCounts()) }

    func allow(_ hash: InfoHash, completed: UInt64) async {}

    func refuse(_ hash: InfoHash, removed: Bool) async {}
}

import ByteCoding
import ServiceLifecycle
import TorrentEngine
import TrackerServer

/// Lets the seeder dial the leechers that announce: clients behind a router, and those that discard our address, gain.
struct LeecherDialler: Service {
    let tracker: Tracker
    let engine: SwarmEngine

    func run() async throws {
        for await (hash, endpoint) in tracker.leecherEvents().cancelOnGracefulShutdown() {
            // A peer is named by its own announce, so the class of its address is that of whoever named it.
            engine.consider(endpoint, for: hash, namedFromScope: endpoint.address.scope)
        }
    }
}

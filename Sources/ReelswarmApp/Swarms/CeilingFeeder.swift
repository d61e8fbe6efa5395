import ServiceLifecycle
import TorrentEngine
import TrackerServer

/// Tells the tracker how much the peers of each torrent can have given each other, by what our seeder saw of them, so
/// that a peer which claims more does not rank above those that tell the truth.
struct CeilingFeeder: Service {
    let tracker: Tracker
    let engine: SwarmEngine
    var interval: Duration = .seconds(5)

    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
            await feed()
        }
    }

    /// One round, over the torrents that somebody is connected for who wants data.
    func feed() async {
        for hash in await engine.torrentsWithLeechers() {
            tracker.setUploadCeiling(hash, bytes: engine.exchange(of: hash))
        }
    }
}

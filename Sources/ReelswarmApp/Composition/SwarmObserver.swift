import ByteCoding
import Metainfo
import Site
import Synchronization
import TorrentEngine
import TrackerServer

/// What pages show of swarms: the tracker's counts and peers, and what our seeder knows of those it serves.
struct SwarmObserver: SwarmView {
    let tracker: Tracker
    let engine: SwarmEngine
    let totals: SwarmTotalsKeeper

    func counts(_ hash: InfoHash) -> Site.SwarmCounts? {
        tracker.isTracking(hash) ? Site.SwarmCounts(tracker.counts(hash)) : nil
    }

    func updates(for hashes: Set<InfoHash>) -> AsyncStream<(InfoHash, Site.SwarmCounts)> {
        let changes = tracker.changes()
        return AsyncStream(bufferingPolicy: .bufferingNewest(max(1, hashes.count * 2))) { continuation in
            let task = Task {
                for await change in changes where hashes.contains(change.hash) {
                    continuation.yield((change.hash, Site.SwarmCounts(change.counts)))
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    func peers(_ hash: InfoHash) async -> [PeerLine] {
        let connected = await engine.peers(of: hash)
        let known = Set(connected.map(\.endpoint))
        let announced = tracker.peers(of: hash).filter { !known.contains($0.endpoint) }
        return connected.map(PeerLine.init) + announced.map(PeerLine.init)
    }

    func uploaded(_ hash: InfoHash) -> UInt64 { totals.uploaded(hash) }
}

extension Site.SwarmCounts {
    init(_ counts: TrackerServer.SwarmCounts) {
        self.init(
            seeders: counts.seeders, leechers: counts.leechers, completed: Int(clamping: counts.completed),
            partialSeeds: counts.partialSeeds, serverSeeding: counts.serverSeeding)
    }
}

extension PeerLine {
    init(_ peer: PeerStatus) {
        self.init(
            endpoint: peer.endpoint.description, client: peer.client, progress: peer.progress,
            uploaded: UInt64(clamping: peer.uploaded), rate: peer.uploadRate)
    }

    init(_ peer: SwarmPeer) {
        self.init(
            endpoint: peer.endpoint.description, client: "", progress: peer.isSeeder ? 1 : nil, uploaded: 0, rate: 0)
    }
}

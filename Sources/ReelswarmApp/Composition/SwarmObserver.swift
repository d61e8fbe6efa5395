import ByteCoding
import Metainfo
import Site
import TorrentEngine
import TrackerServer

/// What pages show of swarms: our tracker's counts and peers, what outside trackers say, and what our seeder knows of
/// those it serves.
struct SwarmObserver: SwarmView {
    let tracker: Tracker
    let engine: SwarmEngine
    let totals: SwarmTotalsKeeper
    /// What outside trackers say.
    var outside = OutsideReports()

    func counts(_ hash: InfoHash) -> Site.SwarmCounts? {
        tracker.isTracking(hash) ? Site.SwarmCounts(tracker.counts(hash)) : nil
    }

    func changes() -> AsyncStream<InfoHash> {
        let (stream, continuation) = AsyncStream<InfoHash>.makeStream()
        // Both begin here and not in their tasks, so that nothing is missed that happens after this call.
        let (own, others) = (tracker.changes(), outside.changes())
        let task = Task {
            await withTaskGroup { group in
                group.addTask {
                    var pace = Pace()
                    for await change in own {
                        continuation.yield(change.hash)
                        await pace.keep()
                    }
                    // Without our tracker the server is stopping, which ends the pages' streams.
                    continuation.finish()
                }
                group.addTask { for await hash in others { continuation.yield(hash) } }
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    func peers(_ hash: InfoHash) async -> [PeerLine] {
        PeerLines(announced: tracker.peers(of: hash), connected: await engine.peers(of: hash)).all
    }

    func uploaded(_ hash: InfoHash) -> UInt64 { totals.uploaded(hash) }

    func trackers(_ hash: InfoHash) -> [TrackerReport] { outside.reports(hash) }

    func usesOwnTracker() -> Bool { outside.usesOwnTracker() }
}

/// What the pages ask the announcer to outside trackers; without one there are no such trackers.
struct OutsideReports: Sendable {
    var reports: @Sendable (InfoHash) -> [TrackerReport] = { _ in [] }
    var changes: @Sendable () -> AsyncStream<InfoHash> = { AsyncStream { $0.finish() } }
    var usesOwnTracker: @Sendable () -> Bool = { true }
}

/// Keeps a follower of a busy tracker from taking a whole core: after a thousand changes within a tenth of a second it
/// rests for the remainder, and what changes meanwhile waits in the tracker, each torrent once.
private struct Pace {
    private static let burst = 1000
    private static let span: Duration = .milliseconds(100)
    private var count = 0
    private var began = ContinuousClock.now

    mutating func keep() async {
        count += 1
        guard count >= Self.burst else { return }
        let rest = Self.span - (.now - began)
        if rest > .zero { try? await Task.sleep(for: rest) }
        count = 0
        began = .now
    }
}

extension Site.SwarmCounts {
    init(_ counts: TrackerServer.SwarmCounts) {
        self.init(
            seeders: counts.seeders, leechers: counts.leechers, completed: Int(clamping: counts.completed),
            partialSeeds: counts.partialSeeds, serverSeeding: counts.serverSeeding)
    }
}

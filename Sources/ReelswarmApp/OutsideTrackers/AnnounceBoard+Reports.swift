import Metainfo
import Site
import TrackerClient

extension AnnounceBoard {
    /// What the outside trackers say of a torrent, in the order of the settings, those that it came with last; empty for one that is not seeded.
    func reports(_ hash: InfoHash, now: Duration) -> [TrackerReport] {
        guard let torrent = torrents[hash] else { return [] }
        return tiers(with: torrent.others).joined().map { tracker in
            let counts = torrent.counts[tracker]
            let line = lines[tracker]
            let failing = (line?.failures ?? 0) > 0 ? line?.problem : nil
            let unread = counts == nil ? line?.scrapeProblem.map { "counts cannot be read: \($0)" } : nil
            return TrackerReport(
                url: tracker.url, seeders: counts?.seeders, leechers: counts?.leechers, completed: counts?.completed,
                age: counts.map { Self.seconds(now - $0.readAt) },
                problem: torrent.problems[tracker] ?? failing ?? unread,
                nextAttempt: torrent.tiers.time(of: tracker).map { Self.seconds(max($0, line?.restUntil ?? $0) - now) })
        }
    }

    /// How a tracker does, over all torrents.
    func state(of tracker: TrackerAddress, now: Duration) -> TrackerState {
        let line = lines[tracker]
        var working = 0
        var next: Duration?
        for torrent in torrents.values {
            if torrent.tiers.working.contains(tracker) { working += 1 }
            guard let time = torrent.tiers.time(of: tracker) else { continue }
            next = min(next ?? time, time)
        }
        return TrackerState(
            url: tracker.url, torrents: working, lastSuccess: line?.lastSuccess.map { Self.seconds(now - $0) },
            lastFailure: line?.lastFailure.map { Self.seconds(now - $0) },
            problem: line?.problem,
            nextAttempt: next.map { Self.seconds(max($0, line?.restUntil ?? $0) - now) })
    }

    private static func seconds(_ time: Duration) -> Int { Int(clamping: max(time, .zero).components.seconds) }
}

import Foundation
import Synchronization
import TrackerServer

/// Gathers the figures of a running tracker; at most once a second, however often it is asked.
final class StatisticsDesk: Sendable {
    private struct Kept {
        let at: ContinuousClock.Instant
        let statistics: TrackStatistics
    }

    private let tracker: Tracker
    private let roll: SwarmRoll
    private let metrics: PrometheusRegistry
    private let meter: TrafficMeter
    private let started = ContinuousClock.now
    private let kept = Mutex<Kept?>(nil)

    init(tracker: Tracker, roll: SwarmRoll, metrics: PrometheusRegistry, meter: TrafficMeter) {
        self.tracker = tracker
        self.roll = roll
        self.metrics = metrics
        self.meter = meter
    }

    /// The figures, a second old at most.
    func statistics() -> TrackStatistics {
        kept.withLock { kept in
            let now = ContinuousClock.now
            if let kept, now - kept.at < .seconds(1) { return kept.statistics }
            let statistics = gather(now)
            kept = Kept(at: now, statistics: statistics)
            return statistics
        }
    }

    /// Announces a second over the last half hour.
    var history: [TrafficMeter.Rate] { meter.history }

    private func gather(_ now: ContinuousClock.Instant) -> TrackStatistics {
        let totals = tracker.totals()
        let rate = meter.current(at: now)
        return TrackStatistics(
            version: ReelswarmVersion.number, uptime: Int((now - started) / .seconds(1)), torrents: totals.torrents,
            seeders: totals.seeders, leechers: totals.leechers, partialSeeds: totals.partialSeeds,
            addresses: totals.addresses, udp: announces("udp", rate.udp), http: announces("http", rate.http),
            scrapes: Int(metrics.sum(of: "tracker_scrapes_total")), memory: ProcessMemory.resident,
            largestSwarms: roll.largest(10).map {
                .init(seeders: $0.seeders, leechers: $0.leechers, partialSeeds: $0.partialSeeds)
            },
            interval: tracker.policy.interval)
    }

    private func announces(_ transport: String, _ rate: Double) -> TrackStatistics.Announces {
        let count = { [metrics] outcome in
            Int(metrics.sum(of: "tracker_announces_total", where: [("transport", transport), ("outcome", outcome)]))
        }
        return .init(
            answered: count("answered"), refused: count("refused"), perSecond: (rate * 10).rounded() / 10)
    }
}

/// The memory of this process.
enum ProcessMemory {
    /// Bytes that are in memory now; 0 where the system does not tell.
    static var resident: Int {
        guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return 0 }
        let pages = String(decoding: data, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (pages ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }
}

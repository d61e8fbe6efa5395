import ServiceLifecycle
import Synchronization

/// Announces a second over the last half hour, by transport, from the process's counters.
final class TrafficMeter: Service {
    /// Totals at one moment.
    struct Totals: Equatable, Sendable {
        var udp = 0.0
        var http = 0.0
    }

    /// Announces a second.
    struct Rate: Equatable, Sendable {
        var udp = 0.0
        var http = 0.0
        var both: Double { udp + http }
    }

    private struct Sample {
        let at: ContinuousClock.Instant
        let totals: Totals
    }

    private static let pause = Duration.seconds(5)
    private static let longest = 361
    private let samples = Mutex<[Sample]>([])
    private let read: @Sendable () -> Totals

    /// A meter of counters that only grow.
    init(_ read: @escaping @Sendable () -> Totals) { self.read = read }

    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            sample()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.pause) }
        }
    }

    /// Notes the counters as they are now.
    func sample(at now: ContinuousClock.Instant = .now) {
        let sample = Sample(at: now, totals: read())
        samples.withLock { samples in
            samples.append(sample)
            if samples.count > Self.longest { samples.removeFirst() }
        }
    }

    /// The rate from the last sample but one until now, so that it is of five to ten seconds.
    func current(at now: ContinuousClock.Instant = .now) -> Rate {
        let totals = read()
        return samples.withLock { samples in
            guard let start = samples.suffix(2).first else { return Rate() }
            return Self.rate(from: start, to: Sample(at: now, totals: totals))
        }
    }

    /// The rates between the samples, oldest first: 360 at most.
    var history: [Rate] {
        let samples = samples.withLock { $0 }
        return zip(samples, samples.dropFirst()).map(Self.rate)
    }

    private static func rate(from start: Sample, to end: Sample) -> Rate {
        let seconds = (end.at - start.at) / .seconds(1)
        guard seconds > 0 else { return Rate() }
        return Rate(
            udp: max(0, end.totals.udp - start.totals.udp) / seconds,
            http: max(0, end.totals.http - start.totals.http) / seconds)
    }
}

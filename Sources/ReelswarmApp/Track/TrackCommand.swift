import ArgumentParser
import Logging
import Metrics

/// `reelswarm track`: the tracker alone, without site, seeder and database.
struct TrackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "track", abstract: "Run the tracker alone, over UDP and HTTP.",
        discussion: """
            Clients announce to udp://HOST:6969/announce or http://HOST:6969/announce. What it does is told at \
            http://HOST:6969/stats, as JSON at /stats.json, for Prometheus at /metrics.
            """)

    @OptionGroup var options: TrackOptions

    func run() async throws {
        let configuration = try options.resolved()
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        LoggingSystem.bootstrap { label in LineLogHandler(label: label, level: configuration.logLevel) }
        defer { LineLogHandler.sink.flush() }
        OpenFileLimit.raise()
        do {
            try await TrackerAlone(configuration: configuration, metrics: registry).run()
        } catch {
            throw CommandFailure(message: CommandSentence.of(error))
        }
    }
}

import ArgumentParser
import Logging
import Metrics

/// `reelswarm serve`: the site, its tracker and its seeder, until told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the site, track its torrents and seed them.")

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let configuration = try options.resolved()
        guard let level = Logger.Level(rawValue: configuration.logLevel) else {
            throw CommandFailure.usage("'\(configuration.logLevel)' is not a log level.")
        }
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        LoggingSystem.bootstrap { label in LineLogHandler(label: label, level: level) }
        defer { LineLogHandler.sink.flush() }
        OpenFileLimit.raise()
        do {
            try await ReelswarmServer(configuration: configuration, metrics: registry).run()
        } catch {
            throw CommandFailure(message: CommandSentence.of(error))
        }
    }
}

import Logging
import Testing
import TorrentEngine

/// Runs `body` with a listening engine on loopback and stops it afterwards, whatever happens.
func withEngine(
    hosts: [String] = ["127.0.0.1"], limits: EngineLimits = .forTests, torrents: [MadeTorrent] = [],
    _ body: (SwarmEngine, Int) async throws -> Void
) async throws {
    var logger = Logger(label: "engine-test")
    logger.logLevel = .critical
    let engine = SwarmEngine(
        configuration: EngineConfiguration(hosts: hosts, port: 0, limits: limits), logger: logger)
    do {
        let port = try await engine.start()
        for torrent in torrents { await engine.add(torrent.seeded) }
        try await body(engine, port)
    } catch {
        await engine.stop()
        throw error
    }
    await engine.stop()
}

/// Waits until `condition` holds; the time limit of the test bounds it.
func eventually(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
}

extension EngineLimits {
    /// The defaults with a quicker clock, and with time for peers whose tests wait for a processor.
    static var forTests: EngineLimits {
        var limits = EngineLimits()
        limits.tickInterval = .milliseconds(50)
        limits.handshakeTimeout = .seconds(60)
        return limits
    }
}

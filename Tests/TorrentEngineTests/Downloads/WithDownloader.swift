import ByteCoding
import Dialling
import Logging
import Metainfo
import Testing
import TorrentEngine

/// Runs `body` with an engine at loopback that downloads, and stops it afterwards, whatever happens.
func withDownloader(
    limits: EngineLimits = .forTests, configure: (inout EngineConfiguration) -> Void = { _ in },
    _ body: (SwarmEngine, Endpoint) async throws -> Void
) async throws {
    var logger = Logger(label: "download-test")
    logger.logLevel = .critical
    var configuration = EngineConfiguration(hosts: ["127.0.0.1"], port: 0, limits: limits)
    configure(&configuration)
    let engine = SwarmEngine(configuration: configuration, logger: logger)
    do {
        let port = try await engine.start()
        try await body(engine, try #require(Endpoint("127.0.0.1:\(port)")))
    } catch {
        await engine.stop()
        throw error
    }
    await engine.stop()
}

extension SwarmEngine {
    /// Waits for a state; returns the status with it.
    @discardableResult
    func reaches(_ hash: InfoHash, _ wanted: (TorrentState) -> Bool) async throws -> TorrentStatus {
        for await status in changes(of: hash) where wanted(status.state) { return status }
        throw EngineError.unknownTorrent
    }
}

extension MadeTorrent {
    /// As its .torrent would say.
    func torrent() throws -> Torrent { try Torrent(infoBytes: info) }

    /// To be downloaded from these peers.
    func download(to folder: TestFolder, from peers: [Endpoint] = []) throws -> TorrentToAdd {
        var added = TorrentToAdd(torrent: try torrent(), folder: folder.path)
        added.peers = peers
        return added
    }

    func magnet(to folder: TestFolder, from peers: [Endpoint] = []) -> TorrentToAdd {
        var added = TorrentToAdd(magnet: MagnetLink(infoHashV1: hash), folder: folder.path)
        added.peers = peers
        return added
    }
}

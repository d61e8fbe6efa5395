import ByteCoding
import Cryptography
import Foundation
import HTTPTypes
import Logging
import Metainfo
import Site
import Testing
import TorrentEngine
import TrackerServer
import WebServer

@testable import ReelswarmApp

/// A tracker, a seeder and a web seed for one film, on free ports of one loopback address.
struct DeskFixture {
    /// How the web seed answers.
    enum WebSeed { case range, whole, missing }

    let host: String
    let tracker: Tracker
    let engine: SwarmEngine
    let web: HTTPServer
    let hash: InfoHash
    let links: ConnectivityLinks

    /// Runs `body`, and takes everything down whatever happens.
    static func with(
        host: String = "127.0.0.1", webSeed: WebSeed = .range, _ body: (DeskFixture) async throws -> Void
    ) async throws {
        var logger = Logger(label: "desk-test")
        logger.logLevel = .critical
        let path = FileManager.default.temporaryDirectory.appending(path: "desk-\(UUID().uuidString)").path()
        let film = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        try Data(film).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let tracker = Tracker(configuration: TrackerConfiguration(hosts: [host]), logger: logger)
        let engine = SwarmEngine(configuration: EngineConfiguration(hosts: [host], port: 0), logger: logger)
        let web = webServer(host, tracker, film, webSeed, logger)
        let port = try await web.start()
        do {
            let fixture = try await start(host, tracker, engine, web, port, film, path)
            try await body(fixture)
        } catch {
            await end(tracker, engine, web)
            throw error
        }
        await end(tracker, engine, web)
    }

    private static func start(
        _ host: String, _ tracker: Tracker, _ engine: SwarmEngine, _ web: HTTPServer, _ webPort: Int, _ film: [UInt8],
        _ path: String
    ) async throws -> DeskFixture {
        let pieces = stride(from: 0, to: film.count, by: 16_384).flatMap {
            Digest.sha1(Array(film[$0..<min($0 + 16_384, film.count)]))
        }
        let info = InfoDictionary.singleFileV1(
            name: "film.mp4", length: Int64(film.count), pieceLength: 16_384, pieces: pieces)
        let hash = try #require(InfoHash(bytes: Digest.sha1(info)))
        let udpPort = try await tracker.start(port: 0)
        let peerPort = try await engine.start()
        tracker.allow(hash)
        tracker.localSeeding(hash, true)
        await engine.add(
            SeededTorrent(
                infoHash: hash, infoBytes: info,
                layout: try PieceLayout(totalLength: Int64(film.count), pieceLength: 16_384),
                content: FileContent(path: path)))
        let authority = host.contains(":") ? "[\(host)]" : host
        return DeskFixture(
            host: host, tracker: tracker, engine: engine, web: web, hash: hash,
            links: ConnectivityLinks(
                udpAnnounce: "udp://\(authority):\(udpPort)/announce",
                httpAnnounce: "http://\(authority):\(webPort)/announce",
                webSeed: "http://\(authority):\(webPort)/media/film.mp4",
                seeders: [
                    Endpoint(address: try #require(IPAddress(host)), port: UInt16(clamping: peerPort))
                ], size: Int64(film.count)))
    }

    private static func end(_ tracker: Tracker, _ engine: SwarmEngine, _ web: HTTPServer) async {
        await web.shutdown()
        await engine.stop()
        tracker.stop()
    }

    private static func webServer(
        _ host: String, _ tracker: Tracker, _ film: [UInt8], _ webSeed: WebSeed, _ logger: Logger
    ) -> HTTPServer {
        var router = Router()
        let endpoint = HTTPTrackerEndpoint(tracker: tracker)
        router.direct(.get, "/announce") { request in
            .bytes(
                endpoint.announce(
                    query: request.rawQuery, client: request.client, localAddress: request.localAddress.address),
                contentType: "text/plain")
        }
        router.direct(.get, "/media/film.mp4") { request in
            switch webSeed {
            case .range where request.headers[.range] == "bytes=0-16383":
                .bytes(Array(film.prefix(16_384)), contentType: "video/mp4", status: .partialContent)
            case .missing: .text("none\n", status: .notFound)
            default: .bytes(film, contentType: "video/mp4")
            }
        }
        return HTTPServer(
            configuration: HTTPServerConfiguration(hosts: [host], port: 0, serverName: "desk-test"), router: router,
            logger: logger, threads: ServerThreads())
    }

    /// The test of these links, or of others.
    func test(_ links: ConnectivityLinks? = nil, of hash: InfoHash? = nil, patience: Duration = .seconds(12))
        -> ConnectivityTest
    {
        var logger = Logger(label: "desk-test")
        logger.logLevel = .critical
        return ConnectivityTest(
            hash: hash ?? self.hash, links: links ?? self.links, logger: logger, patience: patience)
    }
}

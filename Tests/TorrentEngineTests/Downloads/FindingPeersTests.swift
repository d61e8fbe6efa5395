import ByteCoding
import Dialling
import Logging
import Metainfo
import PeerWire
import Testing
import TrackerServer

@testable import TorrentEngine

/// Engines at loopback that are told nobody and find each other, and the web.
@Suite(.timeLimit(.minutes(1))) struct FindingPeersTests {
    /// An engine that has the whole torrent and seeds it, for as long as `body` runs.
    private func withSeed(
        of made: MadeTorrent, configure: (inout EngineConfiguration) -> Void = { _ in },
        change: (inout TorrentToAdd) -> Void = { _ in }, _ body: (SwarmEngine, Endpoint) async throws -> Void
    ) async throws {
        let folder = try TestFolder()
        try folder.write(made.bytes, to: "film.mp4")
        try await withDownloader(configure: configure) { seed, endpoint in
            var added = try made.download(to: folder)
            added.check = .trusted
            change(&added)
            try await seed.reaches(try await seed.add(added)) { $0 == .seeding }
            try await body(seed, endpoint)
        }
    }

    @Test(arguments: [0, 500_000]) func aTrackerNamesThePeers(_ wantedFrom: Int64) async throws {
        let made = try MadeTorrent(length: 1_000_000)
        let folder = try TestFolder()
        let tracker = Tracker(
            configuration: TrackerConfiguration(hosts: ["127.0.0.1"]), logger: Logger(label: "tracker"))
        tracker.allow(made.hash)
        let port = try await tracker.start(port: 0)
        defer { tracker.stop() }
        let tiers = [["udp://127.0.0.1:\(port)/announce"]]
        func configure(_ configuration: inout EngineConfiguration) {
            configuration.trackerRules = DialRules(allowsPrivateAddresses: true, lowestPort: 1)
        }
        try await withSeed(of: made, configure: configure, change: { $0.announceTiers = tiers }) { _, _ in
            try await withDownloader(configure: configure) { engine, _ in
                var added = try made.download(to: folder)
                added.announceTiers = tiers
                added.wanted = WantedBytes(ranges: [wantedFrom..<1_000_000])
                let hash = try await engine.add(added)
                try await engine.reaches(hash) { $0 == .seeding }
                #expect(folder.bytes(of: "film.mp4")?[Int(wantedFrom)...] == made.bytes[Int(wantedFrom)...])
                let seeders = wantedFrom == 0 ? 2 : 1
                try await eventually { tracker.counts(hash).seeders == seeders }
            }
            try await eventually { tracker.counts(made.hash).seeders == 1 }
        }
        #expect(tracker.counts(made.hash).seeders == 0)
    }

    @Test func theDHTNamesThePeers() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try await withDownloader(configure: { $0.usesDHT = true }) { _, hub in
            func configure(_ configuration: inout EngineConfiguration) {
                configuration.usesDHT = true
                configuration.dhtBootstrap = [NodeAddress("\(hub)")].compactMap(\.self)
            }
            try await withSeed(of: made, configure: configure) { _, _ in
                try await withDownloader(configure: configure) { engine, _ in
                    let hash = try await engine.add(made.magnet(to: folder))
                    try await engine.reaches(hash) { $0 == .seeding }
                    #expect(folder.bytes(of: "film.mp4") == made.bytes)
                }
            }
        }
    }

    @Test func aWebSeedAloneIsEnough() async throws {
        let made = try MadeTorrent(length: 1_000_000)
        let folder = try TestFolder()
        let bytes = made.bytes
        let server = try await SeedServer { .file(bytes, $0) }
        try await withDownloader { engine, _ in
            var added = try made.download(to: folder)
            added.webSeeds = [server.origin + "/film.mp4"]
            added.namedFrom = .loopback
            let hash = try await engine.add(added)
            let status = try await engine.reaches(hash) { $0 == .seeding }
            #expect(folder.bytes(of: "film.mp4") == made.bytes)
            #expect(status.downloaded - status.wasted == 1_000_000)
        }
        await server.close()
    }

    /// SSRF: a web seed or peer at loopback that a stranger named is not asked.
    @Test func strangersCannotSendUsIntoOurOwnNetwork() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        let bytes = made.bytes
        let server = try await SeedServer { .file(bytes, $0) }
        try await withSeed(of: made) { seed, endpoint in
            try await withDownloader { engine, _ in
                var link = MagnetLink(infoHashV1: made.hash)
                link.peers = [endpoint]
                var added = TorrentToAdd(magnet: link, folder: folder.path)
                added.webSeeds = [server.origin + "/film.mp4"]
                let hash = try await engine.add(added)
                await engine.addPeers([endpoint], to: hash, namedFrom: .public)
                // Once the operator has named it, it is dialled.
                var named = TorrentToAdd(torrent: try made.torrent(), folder: folder.path)
                named.wanted = .nothing
                #expect(try await engine.add(named) == hash)
                try await engine.reaches(hash) { $0 == .downloading }
                #expect(await seed.peers(of: hash).isEmpty && server.requests.isEmpty)
                named.peers = [endpoint]
                try await engine.add(named)
                try await engine.reaches(hash) { $0 == .seeding }
                #expect(folder.bytes(of: "film.mp4") == made.bytes)
            }
        }
        await server.close()
    }

    @Test func aWebSeedThatLiesIsLeftAndPeersCompleteTheFile() async throws {
        let made = try MadeTorrent(length: 1_000_000)
        let folder = try TestFolder()
        let bytes = made.bytes.map { $0 ^ 1 }
        let server = try await SeedServer { .file(bytes, $0) }
        try await withDownloader { engine, _ in
            var added = try made.download(to: folder)
            added.webSeeds = [server.origin + "/film.mp4"]
            added.namedFrom = .loopback
            let hash = try await engine.add(added)
            try await eventually { await engine.status(of: hash)?.wasted ?? 0 > 0 }
            try await withSeed(of: made) { _, endpoint in
                await engine.addPeers([endpoint], to: hash, namedFrom: .loopback)
                try await engine.reaches(hash) { $0 == .seeding }
                #expect(folder.bytes(of: "film.mp4") == made.bytes)
            }
        }
        await server.close()
    }
}

import Accounts
import ByteCoding
import Catalog
import Cryptography
import Foundation
import HTTPTypes
import HTTPWire
import Logging
import Media
import Metainfo
import Postgres
import Publishing
import Store
import Synchronization
import TestDatabase
import Testing
import WebServer

@testable import Site

/// The whole site on a database of its own, without sockets: requests go straight to the router.
struct SiteUnderTest: Sendable {
    let store: Store
    let accounts: AccountService
    let publisher: Publisher
    let cache: MediaCache
    let worker: MediaWorkerClient
    let swarm: FakeSwarm
    let desk = FakeDesk()
    let context: SiteContext
    let router: Router
    let users: [String: User]

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

    /// Runs `body` on a fresh site with the users viewer, publisher, other and admin. No template may name a value that
    /// is not there.
    static func with(publicURL: String? = nil, _ body: (SiteUnderTest) async throws -> Void) async throws {
        try await withStore { store, folder in
            var users: [String: User] = [:]
            for (name, role) in [
                ("viewer", Role.viewer), ("publisher", .publisher), ("other", .publisher), ("admin", .admin),
            ] {
                users[name] = try await store.users.create(name: UserName(name), passwordHash: "x", role: role)
            }
            try await body(try SiteUnderTest(store: store, users: users, folder: folder, publicURL: publicURL))
        }
    }

    /// A site that nobody has set up yet.
    static func withoutUsers(_ body: (SiteUnderTest) async throws -> Void) async throws {
        try await withStore { store, folder in
            try await body(try SiteUnderTest(store: store, users: [:], folder: folder, publicURL: nil))
        }
    }

    private static func withStore(_ body: (Store, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "site-\(UUID().uuidString)").path()
        await Turn.shared.take()
        do {
            try await TestDatabase.withStore { store, _ in try await body(store, folder) }
            await Turn.shared.give()
            try? FileManager.default.removeItem(atPath: folder)
        } catch {
            await Turn.shared.give()
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private init(store: Store, users: [String: User], folder: String, publicURL: String?) throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        self.store = store
        self.users = users
        accounts = AccountService(store: store, gate: ScryptGate(concurrent: 2, waiting: 64), logger: logger)
        cache = try MediaCache(directory: folder, limitBytes: 1 << 30, store: store, logger: logger)
        swarm = FakeSwarm()
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "reelswarm-media-worker").path()
        worker = MediaWorkerClient(executable: program, logger: logger)
        publisher = Publisher(
            store: store, cache: cache, worker: worker, seeding: swarm, registry: swarm, logger: logger)
        let root = Self.root
        context = SiteContext(
            store: store, accounts: accounts, publisher: publisher,
            ingest: Ingest(store: store, cache: cache, worker: worker, logger: logger), cache: cache, swarm: swarm,
            settings: SettingsCache(repository: store.settings),
            addresses: PublicAddresses(
                publicURL: publicURL.flatMap { PublicURL($0) }, trackerPort: 6969, peerPort: 6881,
                resolvedPublicAddresses: { [IPAddress("203.0.113.1"), IPAddress("93.184.216.34")].compactMap(\.self) }),
            templates: try TemplateLibrary(
                directory: root.appending(path: "Templates").path(), report: { Issue.record("\($0)") }),
            assets: try StaticAssets(directory: root.appending(path: "Public").path()) {
                Hex.encode(Digest.sha256($0))
            },
            probes: SiteProbes(version: "test", obstacles: { [] }, metricsText: { "# TYPE up gauge\nup 1\n" }),
            desk: desk, logger: logger)
        var router = Router()
        mountSite(on: &router, context: context)
        self.router = router
    }

    /// A browser (or script) as that user; nil is a visitor.
    func browser(as name: String? = nil) async throws -> Browser {
        var browser = Browser(router: router)
        if let name {
            let user = try #require(users[name])
            let session = try await accounts.reopenSession(for: user.id)
            browser.cookies["sid"] = session.token
            browser.csrf = session.csrf
            browser.bearer = try await accounts.createToken(for: user.id, label: "test").token
        }
        return browser
    }

    /// Hashes of bytes that make one 16 KiB block, or pieces of one block each.
    private static func hashes(of bytes: [UInt8], pieceLength: Int) -> ContentHashes {
        let pieces = stride(from: 0, to: bytes.count, by: pieceLength).map {
            Array(bytes[$0..<min(bytes.count, $0 + pieceLength)])
        }
        let layer = pieces.flatMap { Digest.sha256($0) }
        return ContentHashes(
            totalLength: Int64(bytes.count), pieceLength: pieceLength, sha1Pieces: pieces.flatMap { Digest.sha1($0) },
            sha256PieceLayer: layer, piecesRoot: MerkleTree.root(ofLeaves: layer))
    }

    /// A published video without the way through the worker: made of these bytes, said to be an MP4.
    @discardableResult
    func publish(
        _ title: String, by owner: String = "publisher", description: String = "", tags: [String] = [],
        bytes: [UInt8]? = nil, fileName: String = "film.mp4", mediaType: String = "video/mp4",
        format: TorrentFormat = .v1, pieceLength: Int = 262_144
    ) async throws -> Video {
        let bytes = bytes ?? Array("\(title): not really a film, but bytes all the same".utf8)
        let id = try await store.media.begin(NewMedia(declaredSize: Int64(bytes.count), fileName: fileName))
        let hashes = Self.hashes(of: bytes, pieceLength: pieceLength)
        let file = TorrentFile(
            path: [fileName], length: hashes.totalLength, offset: 0, piecesRoot: hashes.piecesRoot)
        let info = InfoDictionary.singleFile(
            format: format, file: file, pieceLength: pieceLength, pieces: hashes.sha1Pieces)
        let hashV2 = format.hasV2 ? InfoHashV2(bytes: Digest.sha256(info)) : nil
        let facts = """
            {"streams":[{"kind":"video","codec":"h264","frameRate":25,"isDecodable":true},
            {"kind":"audio","codec":"aac","channels":2,"sampleRate":48000,"language":"fin"}]}
            """
        let video = try await store.publish(
            PublishRecord(
                mediaID: id, size: Int64(bytes.count), fileName: fileName,
                description: MediaDescription(
                    container: "mp4", mediaType: mediaType, duration: 62.4, width: 640, height: 360,
                    facts: Array(facts.utf8)),
                lastSequence: 0, lastChunks: bytes, hashes: hashes,
                torrent: NewTorrent(
                    infoHash: try #require(format.hasV1 ? InfoHash(bytes: Digest.sha1(info)) : hashV2?.truncated),
                    infoHashV2: hashV2, infoBytes: info),
                video: NewVideo(
                    title: try Title(title), description: try Description(description), tags: try Tag.list(tags),
                    ownerID: try #require(users[owner]).id)))
        if let hash = video.torrent?.infoHash { await publisher.settle(hash) }
        return video
    }
}

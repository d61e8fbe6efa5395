import Catalog
import Cryptography
import Foundation
import Logging
import Media
import Postgres
import Store
import TestDatabase
import Testing

@testable import Publishing

/// The publishing side of a server on a database of its own, with a cache folder of its own and the real worker.
struct TestSite: Sendable {
    let database: Database
    let store: Store
    let cacheFolder: String
    let cache: MediaCache
    let ingest: Ingest
    let swarm: SwarmRecorder
    let publisher: Publisher
    let runner: JobRunner
    let admin: User
    let owner: User
    let otherOwner: User

    /// Runs `body` on a fresh site, which is gone afterwards.
    static func with(
        cacheFolder: String? = nil, cacheLimit: Int64 = 1 << 30, worker: String? = nil, cutter: String? = nil,
        limits: ClipLimits = .forTests, _ body: @Sendable (TestSite) async throws -> Void
    ) async throws {
        try await gate.pass {
            try await make(cacheFolder, cacheLimit, Workers(worker, cutter), limits, body)
        }
    }

    /// Sites at one time: each holds up to ten of the cluster's connections.
    private static let gate = Turnstile(places: 5)

    /// The programs that examine films and cut them.
    struct Workers: Sendable {
        let examining: String
        let cutting: String

        init(_ examining: String?, _ cutting: String?) {
            self.examining = examining ?? TestSite.workerPath
            self.cutting = cutting ?? self.examining
        }
    }

    private static func make(
        _ cacheFolder: String?, _ cacheLimit: Int64, _ workers: Workers, _ limits: ClipLimits,
        _ body: @Sendable (TestSite) async throws -> Void
    ) async throws {
        let folder = cacheFolder ?? temporaryFolder()
        defer { if cacheFolder == nil { try? FileManager.default.removeItem(atPath: folder) } }
        try await TestDatabase.withStore { store, database in
            let users = try await ["admin", "owner", "other"].asyncMap { name in
                try await store.users.create(
                    name: UserName(name), passwordHash: "x", role: name == "admin" ? .admin : .publisher)
            }
            let site = try TestSite(
                database: database, store: store, cacheFolder: folder, cacheLimit: cacheLimit,
                workers: workers, limits: limits, users: users)
            try await body(site)
        }
    }

    private init(
        database: Database, store: Store, cacheFolder: String, cacheLimit: Int64, workers: Workers,
        limits: ClipLimits, users: [User]
    ) throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        self.database = database
        self.store = store
        self.cacheFolder = cacheFolder
        cache = try MediaCache(directory: cacheFolder, limitBytes: cacheLimit, store: store, logger: logger)
        swarm = SwarmRecorder()
        publisher = Publisher(
            store: store, cache: cache,
            worker: MediaWorkerClient(executable: workers.cutting, concurrency: 8, logger: logger), limits: limits,
            seeding: swarm, registry: swarm, logger: logger)
        let client = MediaWorkerClient(executable: workers.examining, logger: logger)
        ingest = Ingest(store: store, cache: cache, worker: client, logger: logger)
        runner = JobRunner(publisher: publisher, worker: client, logger: logger)
        (admin, owner, otherOwner) = (users[0], users[1], users[2])
    }

    /// The same database as another process would find it: with the same cache folder, or an empty one.
    func reopened(emptyCache: Bool = false, worker: String? = nil) throws -> TestSite {
        try TestSite(
            database: database, store: store, cacheFolder: emptyCache ? cacheFolder + "/second" : cacheFolder,
            cacheLimit: 1 << 30, workers: Workers(worker, nil), limits: .forTests, users: [admin, owner, otherOwner])
    }

    static func temporaryFolder() -> String {
        FileManager.default.temporaryDirectory.appending(path: "publishing-\(UUID().uuidString)").path()
    }

    /// The worker that was built beside these tests.
    static let workerPath = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "reelswarm-media-worker").path()

    // MARK: - Acts

    func words(_ owner: User, title: String = "A film") throws -> NewVideo {
        NewVideo(
            title: try Title(title), description: try Description("About it"), tags: try Tag.list(["test"]),
            ownerID: owner.id)
    }

    func write(_ bytes: [UInt8], to session: IngestSession) async throws {
        var offset = 0
        while offset < bytes.count {
            let end = min(offset + 60_000, bytes.count)
            try await session.write(Array(bytes[offset..<end]))
            offset = end
        }
    }

    /// Uploads and publishes as a client does. `declaredSize` is the film's own length unless given.
    func publish(
        _ film: [UInt8], name: String = "film.mp4", declaredSize: Int64?? = nil, limit: Int64 = 1 << 30,
        owner: User? = nil, key: String? = nil
    ) async throws -> Video {
        let size = declaredSize ?? Int64(film.count)
        let session = try await ingest.begin(fileName: name, declaredSize: size, limit: limit)
        do {
            try await write(film, to: session)
        } catch {
            await session.abandon()
            throw error
        }
        let received = try await session.finish()
        return try await publisher.publish(received, as: try words(owner ?? self.owner), idempotencyKey: key)
    }

    // MARK: - Looks

    func storedBytes(_ media: MediaSummary) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in store.media.chunks(media.id, range: 0..<media.size) { bytes += chunk }
        return bytes
    }

    func bytes(of file: CachedFile) throws -> [UInt8] {
        let data = FileHandle(fileDescriptor: dup(file.descriptor), closeOnDealloc: true)
        try data.seek(toOffset: 0)
        return [UInt8](try data.readToEnd() ?? Data())
    }

    var spoolFiles: [String] { (try? FileManager.default.contentsOfDirectory(atPath: cacheFolder + "/spool")) ?? [] }

    var cacheFiles: [String] {
        let media = cacheFolder + "/media"
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: media)) ?? []
        return paths.filter { $0.contains("/") }.map { media + "/" + $0 }
    }

    enum Table { case media, chunks, videos }

    func count(_ table: Table) async throws -> Int {
        let row =
            switch table {
            case .media: try await database.first("SELECT count(*) FROM media")
            case .chunks: try await database.first("SELECT count(*) FROM media_chunks")
            case .videos: try await database.first("SELECT count(*) FROM videos")
            }
        return try #require(row).column(0)
    }

    func chunkTableSize() async throws -> Int {
        let row = try await database.first("SELECT pg_total_relation_size('media_chunks')")
        return try #require(row).column(0)
    }

    /// After the jobs: no row, no chunk, no file.
    func expectNothingLeft() async throws {
        try await runner.drain()
        for table in [Table.media, .chunks, .videos] {
            #expect(try await count(table) == 0, "\(table)")
        }
        #expect(spoolFiles.isEmpty)
        #expect(cacheFiles.isEmpty)
        #expect(swarm.seededCount == 0)
    }

    /// Makes every upload look as if nobody had touched it for an hour.
    func ageUploads() async throws {
        try await database.execute("UPDATE media SET touched_at = now() - interval '1 hour' WHERE state = 'receiving'")
    }

    /// Makes jobs that wait for their next try due now.
    func makeJobsDue() async throws {
        try await database.execute("UPDATE jobs SET due_at = now()")
    }

    func corruptChunk(of media: MediaID, sequence: Int) async throws {
        let changed = try await database.execute(
            """
            UPDATE media_chunks SET data = set_byte(data, 1000, get_byte(data, 1000) # 1)
            WHERE media_id = \(media.rawValue) AND sequence = \(sequence)
            """)
        #expect(changed == 1)
    }

    static func sha1Pieces(_ bytes: [UInt8], pieceLength: Int) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: pieceLength).flatMap { start in
            Digest.sha1(Array(bytes[start..<min(start + pieceLength, bytes.count)]))
        }
    }
}

extension ClipLimits {
    /// The defaults, but for the room that small disks of tests do not have.
    static var forTests: ClipLimits {
        var limits = ClipLimits()
        limits.diskReserve = 1 << 20
        limits.watchSeconds = 0.2
        return limits
    }
}

extension Sequence {
    func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var values: [T] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}

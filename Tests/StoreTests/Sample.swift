import Catalog
import Metainfo
import Postgres
import Store
import TestDatabase
import Testing

/// Values that tests publish.
enum Sample {
    static let chunkSize = 256 << 10

    static func bytes(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) ^ seed }
    }

    static func user(_ store: Store, _ name: String = "ada", role: Role = .publisher) async throws -> User {
        try await store.users.create(name: UserName(name), passwordHash: "hash", role: role)
    }

    static func torrent(_ seed: UInt8) throws -> NewTorrent {
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: seed, count: 20)))
        return NewTorrent(infoHash: hash, infoBytes: Array("d4:name\(seed)e".utf8))
    }

    static func hashes(_ size: Int, seed: UInt8 = 1) -> ContentHashes {
        let pieces = max(1, (size + (256 << 10) - 1) / (256 << 10))
        return ContentHashes(
            totalLength: Int64(size), pieceLength: 256 << 10, sha1Pieces: [UInt8](repeating: seed, count: 20 * pieces),
            sha256PieceLayer: [UInt8](repeating: seed, count: 32 * pieces),
            piecesRoot: [UInt8](repeating: seed, count: 32))
    }

    static let description = MediaDescription(
        container: "mp4", mediaType: "video/mp4", duration: 12.5, width: 640, height: 360, facts: Array("{}".utf8))

    /// Receives a content in two batches and leaves its last bytes to publishing.
    static func receive(
        _ store: Store, _ bytes: [UInt8], owner: User, title: String = "A film", torrent: NewTorrent? = nil,
        key: String? = nil, jobs: [NewJob] = []
    ) async throws -> PublishRecord {
        let media = try await store.media.begin(NewMedia(declaredSize: Int64(bytes.count), fileName: "film.mp4"))
        let whole = bytes.count / chunkSize
        for number in 0..<whole {
            let part = Array(bytes[number * chunkSize..<(number + 1) * chunkSize])
            try await store.media.appendChunks(media, firstSequence: number, bytes: part)
        }
        return PublishRecord(
            mediaID: media, size: Int64(bytes.count), fileName: "film.mp4", description: description,
            lastSequence: whole, lastChunks: Array(bytes[(whole * chunkSize)...]), hashes: hashes(bytes.count),
            index: [1, 2, 3], torrent: torrent,
            video: NewVideo(
                title: try Title(title), description: try Description("Words."), tags: [try Tag("film")],
                ownerID: owner.id),
            jobs: jobs, idempotencyKey: key)
    }

    static func publish(
        _ store: Store, _ bytes: [UInt8] = bytes(1000), owner: User, title: String = "A film",
        torrent: NewTorrent? = nil, key: String? = nil, jobs: [NewJob] = []
    ) async throws -> Video {
        try await store.publish(
            receive(store, bytes, owner: owner, title: title, torrent: torrent, key: key, jobs: jobs))
    }

    static func content(_ store: Store, _ media: MediaID, _ range: Range<Int64>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in store.media.chunks(media, range: range) { bytes += part }
        return bytes
    }

    static func removeDeleted(_ store: Store) async throws {
        for media in try await store.media.awaitingDeletion() {
            while try await store.media.deleteChunkBatch(media, limit: 7) > 0 {}
        }
    }
}

/// Expects that a call throws a `StoreError` with a code.
func expect(
    _ code: StoreError.Code, at location: SourceLocation = #_sourceLocation, _ body: () async throws -> Any?
) async {
    do {
        _ = try await body()
        Issue.record("Nothing was thrown.", sourceLocation: location)
    } catch let error as StoreError {
        #expect(error.code == code, sourceLocation: location)
    } catch {
        Issue.record(error, sourceLocation: location)
    }
}

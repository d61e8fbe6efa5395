import ByteCoding
import Foundation
import Logging
import Metainfo
import Postgres
import Store
import Synchronization
import Testing
import TrackerServer
import TrackerWire

/// Torrents, and a tracker that knows them, on a test's database.
struct SwarmsSample {
    let hashes: [InfoHash]

    /// Makes rows of torrents, whose films nobody looks at.
    static func make(_ count: Int, in database: Database) async throws -> SwarmsSample {
        var hashes: [InfoHash] = []
        for number in 1...count {
            let hash = try #require(InfoHash(bytes: [UInt8](repeating: UInt8(number), count: 20)))
            let media: Int64 = try #require(
                try await database.first("INSERT INTO media (file_name, chunk_size) VALUES ('a', 4096) RETURNING id")
            ).column(0)
            try await database.execute(
                """
                INSERT INTO torrents (info_hash, media_id, info, piece_length, piece_count)
                VALUES (\(hash.bytes), \(media), '\\x6465', 16384, 1)
                """)
            hashes.append(hash)
        }
        return SwarmsSample(hashes: hashes)
    }

    /// A tracker that allows the torrents; it never listens.
    func tracker(clock: SwarmsClock = SwarmsClock(), tagSeed: UInt64 = 7) -> Tracker {
        let tracker = Tracker(
            configuration: TrackerConfiguration(hosts: ["127.0.0.1"], tagSeed: tagSeed), clock: clock.tracker,
            logger: Self.logger)
        for hash in hashes { tracker.allow(hash) }
        return tracker
    }

    static var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}

/// A clock that stands still until it is told to go on.
final class SwarmsClock: Sendable {
    private let now = Mutex<UInt32>(1_000_000)

    var tracker: TrackerClock { TrackerClock { self.now.withLock { $0 } } }

    func advance(_ seconds: UInt32) { now.withLock { $0 += seconds } }
}

extension Tracker {
    /// Lets a client announce from 10.0.0.`client`.
    func announce(
        _ hash: InfoHash, client: UInt8, left: UInt64 = 1, event: AnnounceEvent = .started
    ) throws {
        let id = try #require(PeerID(bytes: Array("-XX0000-".utf8) + [UInt8](repeating: client, count: 12)))
        let address = try #require(IPAddress("10.0.0.\(client)"))
        let here = try #require(IPAddress("10.0.0.1"))
        let request = AnnounceRequest(
            infoHash: hash, peerID: id, port: 6881, left: left, event: event, key: UInt32(client))
        _ = announce(request, from: Endpoint(address: address, port: 5), localAddress: here, transport: .udp)
    }
}

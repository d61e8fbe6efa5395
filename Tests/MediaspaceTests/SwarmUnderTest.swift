import ByteCoding
import Foundation
import Metainfo
import Testing

@testable import Mediaspace

/// A space that seeds a film, and what is needed to get clips of it elsewhere; all on loopback, without a tracker.
final class SwarmUnderTest: Sendable {
    let from: TemporaryFolder
    let seeder: Space
    let id: MediaID
    let torrent: Torrent

    /// Seeds what `make` writes below the folder and names by its path.
    init(
        format: TorrentFormat = .v1, pieceLength: Int = 32_768, isIndexed: Bool = true, up: Int? = nil,
        make: (String) throws -> String
    ) async throws {
        from = try TemporaryFolder()
        let path = try make(from.path)
        seeder = try await Self.open(from, up: up)
        id = try await seeder.put(
            path, PutOptions(format: format, pieceLength: pieceLength, addsClipIndexes: isIndexed))
        torrent = try #require(seeder.torrent(id))
    }

    /// A space on loopback with the media worker.
    static func open(_ folder: TemporaryFolder, up: Int? = nil) async throws -> Space {
        var configuration = SpaceConfiguration()
        configuration.hosts = ["127.0.0.1"]
        configuration.allowsPrivateAddresses = true
        configuration.uploadLimit = up
        configuration.mediaWorker = MadeFilm.worker
        return try await Space.open(folder.path, scanning: false, configuration: configuration, logger: .quiet)
    }

    /// Options with this seeder, or another space, as the peer.
    func options(_ peer: Space? = nil) async throws -> GetOptions {
        var options = GetOptions()
        let port = try #require(await (peer ?? seeder).port)
        options.peers = [try #require(Endpoint("127.0.0.1:\(port)"))]
        return options
    }

    func close(_ others: Space...) async {
        for space in others { await space.close() }
        await seeder.close()
    }
}

/// Keeps what a handler is told.
actor Kept<Value: Sendable> {
    private(set) var values: [Value] = []

    nonisolated func take(_ value: Value) { Task { await add(value) } }
    private func add(_ value: Value) { values.append(value) }

    /// The first value, once there is one.
    func first() async throws -> Value {
        while values.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        return values[0]
    }
}

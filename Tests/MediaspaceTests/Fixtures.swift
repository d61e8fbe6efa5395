import Foundation
import Logging
import Metainfo
import Testing
import TorrentCreation

@testable import Mediaspace

/// A film of random bytes with its torrent, as somebody out there seeds it.
struct Film {
    let torrent: Torrent
    let bytes: [UInt8]
    var id: MediaID { torrent.mediaID }

    init(_ name: String = "film.mp4", length: Int = 300_000, seed: UInt64 = 1, trackers: [[String]] = []) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(name, length: length, seed: seed)
        bytes = TemporaryFolder.bytes(length, seed: seed)
        let made = try await makeTorrent(path: path, options: CreationOptions(pieceLength: 16_384))
        torrent = try Torrent(infoBytes: made.infoBytes, announceTiers: trackers)
    }

    /// Writes the .torrent and returns its path.
    func write(in folder: TemporaryFolder, _ name: String = "given.torrent") throws -> String {
        try folder.write(name, torrent.encoded())
    }
}

extension Space {
    /// A space over an engine without sockets.
    static func fake(_ folder: TemporaryFolder, _ network: FakeNetwork, scanning: Bool = false) async throws -> Space {
        try await open(
            folder.path, scanning: scanning, configuration: SpaceConfiguration(), logger: .quiet
        ) { _ in FakeSwarm(network) }
    }

    /// Waits for a state.
    func reaches(_ id: MediaID, _ state: MediaState) async throws {
        for await status in try await changes(of: id) where status.state == state { return }
        Issue.record("never \(state)")
    }

    /// Waits for a failure and returns its sentence.
    func failure(of id: MediaID) async throws -> String {
        for await status in try await changes(of: id) {
            if case .failed(let reason) = status.state { return reason }
        }
        return ""
    }
}

extension Logger {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

import Catalog
import Logging
import Store
import TorrentCreation

/// Makes the torrents of films that were uploaded while BitTorrent was off, from their stored hashes: no film is read.
struct MakeMissingTorrents: JobHandler {
    let store: Store
    let keeper: SwarmKeeper
    let logger: Logger

    func perform(_ job: Job) async throws {
        while try await store.settings.load().bittorrentEnabled {
            let missing = try await store.torrents.missing(limit: 100)
            var made = 0
            for media in missing {
                try Task.checkCancellation()
                if try await makeTorrent(of: media) { made += 1 }
            }
            guard made > 0 else { return }
        }
    }

    private func makeTorrent(of media: MediaSummary) async throws -> Bool {
        guard let hashes = try await store.media.hashes(of: media.id) else { return false }
        let torrent = NewTorrent(name: media.fileName, hashes: PieceHashes(hashes))
        do {
            _ = try await store.torrents.attach(torrent, to: media.id)
        } catch {
            if error.code == .notFound { return false }
            throw error
        }
        await keeper.settle(torrent.infoHashV1)
        return true
    }
}

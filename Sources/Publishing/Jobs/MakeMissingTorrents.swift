import Catalog
import Logging
import Metainfo
import Store
import TorrentCreation

/// Makes the torrents of films that were uploaded while BitTorrent was off, from their stored hashes: no film is read.
struct MakeMissingTorrents: JobHandler {
    let store: Store
    let keeper: SwarmKeeper
    let logger: Logger

    func perform(_ job: Job) async throws {
        while true {
            let settings = try await store.settings.load()
            guard settings.bittorrentEnabled else { return }
            let missing = try await store.torrents.missing(limit: 100)
            var made = 0
            for media in missing {
                try Task.checkCancellation()
                if try await makeTorrent(of: media, settings.torrentFormat) { made += 1 }
            }
            guard made > 0 else { return }
        }
    }

    private func makeTorrent(of media: MediaSummary, _ format: TorrentFormat) async throws -> Bool {
        guard let hashes = try await store.media.hashes(of: media.id) else { return false }
        let torrent = NewTorrent(name: media.fileName, hashes: PieceHashes(hashes), format: format)
        do {
            _ = try await store.torrents.attach(torrent, to: media.id)
        } catch {
            if error.code == .notFound { return false }
            throw error
        }
        await keeper.settle(torrent.infoHash)
        return true
    }
}

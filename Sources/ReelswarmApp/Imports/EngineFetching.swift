import Metainfo
import Publishing
import TorrentEngine

/// Joins importing to the peer engine.
struct EngineFetching: TorrentFetching {
    let engine: SwarmEngine

    func begin(_ source: ImportSource, hash: InfoHash, folder: String) async throws(PublishingError) {
        var torrent: TorrentToAdd
        switch source {
        case .torrent(let known, _): torrent = TorrentToAdd(torrent: known, folder: folder)
        case .magnet(let link, _, _): torrent = TorrentToAdd(magnet: link, folder: folder)
        }
        torrent.stateFile = folder + ".state"
        torrent.wanted = .nothing
        do throws(EngineError) {
            try await engine.add(torrent)
        } catch {
            throw PublishingError(.unavailable, "The torrent cannot be fetched: \(error).")
        }
    }

    func torrent(of hash: InfoHash) async -> Torrent? { await engine.torrent(of: hash) }

    func want(_ bytes: Range<Int64>, of hash: InfoHash) async {
        await engine.want(WantedBytes(ranges: [bytes]), of: hash)
    }

    func progress(of hash: InfoHash) async -> FetchProgress? {
        guard let status = await engine.status(of: hash) else { return nil }
        let failure: String? = if case .failed(let reason) = status.state { reason } else { nil }
        return FetchProgress(
            wanted: status.wantedBytes, fetched: status.doneBytes, rate: status.downloadRate, peers: status.peers,
            isDone: status.wantedBytes > 0 && status.doneBytes >= status.wantedBytes, failure: failure)
    }

    func end(_ hash: InfoHash) async {
        // A film that is seeded under this hash, perhaps since this import has published it, stays.
        guard await engine.status(of: hash) != nil else { return }
        await engine.remove(hash)
    }
}

import ByteCoding
import Cryptography
import Metainfo

/// The torrents that were added to be downloaded or seeded from a folder. Lives on the engine's event loop.
final class DownloadBook {
    private var downloads: [InfoHash: Download] = [:]
    private var lastNumber = 0
    private unowned let core: EngineCore

    init(core: EngineCore) { self.core = core }

    var isEmpty: Bool { downloads.isEmpty }
    var count: Int { downloads.count }

    /// All, in the order in which they were added.
    var all: [Download] { downloads.values.sorted { $0.number < $1.number } }

    /// Those that take part.
    var running: [Download] { downloads.values.filter(\.isRunning) }

    subscript(hash: InfoHash) -> Download? {
        downloads[hash] ?? core.aliases[hash].flatMap { downloads[$0] }
            ?? downloads.values.first { $0.version2?.truncated == hash }
    }

    /// Forgets all, at the end.
    func clear() { downloads = [:] }

    func statuses(now: ContinuousClock.Instant) -> [TorrentStatus] { all.map { $0.status(now: now) } }

    /// Adds a torrent, or merges it into the one that is there.
    func add(_ added: TorrentToAdd) throws(EngineError) -> InfoHash {
        guard !core.isStopping else { throw .stopped }
        let hashes = Self.hashes(of: added.source)
        guard let hash = hashes.0 ?? hashes.1?.truncated else { throw .missingInfoHash }
        if let known = self[hash] ?? hashes.1.flatMap({ self[$0.truncated] }) {
            known.merge(added)
            return known.hash
        }
        guard core.seeded(hash) == nil else { throw .seededElsewhere }
        guard let empty = try? PieceLayout(totalLength: 0, pieceLength: 1) else { throw .unknownTorrent }
        lastNumber += 1
        let download = Download(
            added, hash: hash, hashes: hashes, number: lastNumber, emptyLayout: empty, core: core, now: .now)
        downloads[hash] = download
        core.rates.set(download: added.downloadLimit, upload: added.uploadLimit, of: hash, now: .now)
        download.found(added.peers, namedFrom: .loopback, source: .operator)
        download.begin(isPaused: added.isPaused, source: added.source)
        return hash
    }

    /// Takes a torrent out. What is left of it on the disk can be deleted, or its state is saved.
    func takeOut(_ hash: InfoHash, isDeleting: Bool) -> Leftover? {
        guard let download = self[hash] else { return nil }
        let farewell = download.remove(isDeleting: isDeleting)
        downloads[download.hash] = nil
        return Leftover(
            storage: download.ownsContent ? download.storage : nil, stateFile: download.stateFile, farewell: farewell)
    }

    private static func hashes(of source: TorrentToAdd.Source) -> (InfoHash?, InfoHashV2?) {
        switch source {
        case .torrent(let torrent):
            let hashes = TorrentHashes(infoBytes: torrent.infoBytes, info: torrent.info)
            return (hashes?.version1, hashes?.version2)
        case .magnet(let link): return (link.infoHashV1, link.infoHashV2)
        }
    }
}

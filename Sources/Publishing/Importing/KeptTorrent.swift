import Catalog
import Metainfo
import Store
import TorrentCreation

/// A torrent whose info hash the site can keep: then its swarm goes on here, and whoever has it finds our seeder.
struct KeptTorrent: Sendable {
    let pieceLength: Int
    private let original: Torrent
    private let source: ImportSource

    /// Nil for a torrent of several files, a private one, and one whose pieces the site cannot store.
    init?(_ torrent: Torrent, source: ImportSource, file: ImportFile) {
        guard Self.obstacle(torrent.info) == nil else { return nil }
        original = torrent
        pieceLength = torrent.info.pieceLength
        self.source = source
    }

    /// The torrent as it is stored; nil when the content that came hashes to other pieces.
    func torrent(fitting hashes: PieceHashes) -> NewTorrent? {
        let info = original.info
        guard info.totalLength == hashes.totalLength, info.pieceLength == hashes.pieceLength,
            !info.hasV1 || info.pieces == hashes.sha1Pieces,
            !info.hasV2 || info.files.first?.piecesRoot == hashes.piecesRoot
        else { return nil }
        return NewTorrent(keeping: original, otherTrackers: trackers)
    }

    /// Why the film gets a torrent of its own, as the end of a sentence.
    static func reason(_ info: TorrentInfo) -> String { obstacle(info) ?? "the content does not fit the old one" }

    private static func obstacle(_ info: TorrentInfo) -> String? {
        guard info.isSingleFile else { return "the one it came from has several files" }
        guard !info.isPrivate else { return "the one it came from is private to its tracker" }
        let length = info.pieceLength
        let isUsable = length & (length - 1) == 0 && (16 << 10...64 << 20).contains(length)
        return isUsable ? nil : "the one it came from has pieces of an unusual length"
    }

    /// What the torrent or the magnet link names, so far as it may be announced to.
    private var trackers: TrackerTiers {
        let tiers: [[String]]
        switch source {
        case .torrent(let torrent, _): tiers = torrent.announceTiers
        case .magnet(let link, _, _): tiers = link.trackers.map { [$0] }
        }
        let usable = tiers.map { $0.filter { (try? TrackerURL($0)) != nil } }
        return (try? TrackerTiers(tiers: usable)) ?? .none
    }
}

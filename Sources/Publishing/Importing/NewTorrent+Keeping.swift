import Catalog
import Metainfo
import Store
import TorrentCreation

extension NewTorrent {
    /// A torrent of others as it is stored here: the same `info` bytes and so the same hashes.
    init(keeping torrent: Torrent, otherTrackers: TrackerTiers) {
        self.init(
            infoHash: torrent.wireHash, infoHashV2: torrent.infoHashV2, infoBytes: torrent.infoBytes,
            otherTrackers: otherTrackers)
    }
}

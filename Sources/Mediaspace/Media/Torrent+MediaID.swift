import Metainfo
import TorrentCreation

extension Torrent {
    /// The id of the torrent in a space.
    var mediaID: MediaID { MediaID(wireHash) }

    /// All ids by which peers find it: a hybrid has two.
    var mediaIDs: Set<MediaID> {
        var ids: Set<MediaID> = [mediaID]
        if let hash = infoHashV2 { ids.insert(MediaID(hash.truncated)) }
        return ids
    }
}

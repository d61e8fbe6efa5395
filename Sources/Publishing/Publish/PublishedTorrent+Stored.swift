import Catalog
import Metainfo
import Store

extension PublishedTorrent {
    /// A stored torrent; nil when its lengths contradict each other.
    init?(_ torrent: SeedableTorrent, store: Store, cache: MediaCache) {
        guard let layout = try? PieceLayout(totalLength: torrent.size, pieceLength: torrent.pieceLength) else {
            return nil
        }
        let (hash, id, size) = (torrent.infoHash, torrent.mediaID, torrent.size)
        self.init(
            infoHash: hash, layout: layout, name: torrent.fileName, media: id, completed: torrent.totals.completed,
            loadInfoBytes: {
                let bytes = try await storing { () throws(StoreError) in try await store.torrents.infoBytes(hash) }
                guard let bytes else { throw PublishingError(.notFound) }
                return bytes
            },
            openContent: {
                let media = try await storing { () throws(StoreError) in try await store.media.summary(id) }
                guard let media, media.size == size else { throw PublishingError(.notFound) }
                return try await cache.openFile(for: media)
            },
            discardContent: {
                if let media = try? await store.media.summary(id) { await cache.remove(media.etag) }
            })
    }
}

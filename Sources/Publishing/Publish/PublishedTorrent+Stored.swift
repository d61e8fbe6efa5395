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
            infoHash: hash, alias: torrent.alias, layout: layout, name: torrent.fileName, media: id,
            completed: torrent.totals.completed, otherTrackers: torrent.otherTrackers,
            loadInfoBytes: {
                let bytes = try await storing { () throws(StoreError) in try await store.torrents.infoBytes(hash) }
                guard let bytes else { throw PublishingError(.notFound) }
                return bytes
            },
            loadPieceLayers: torrent.infoHashV2 == nil ? nil : Self.layersLoader(hash, store),
            openContent: {
                let media = try await storing { () throws(StoreError) in try await store.media.summary(id) }
                guard let media, media.size == size else { throw PublishingError(.notFound) }
                return try await cache.openFile(for: media)
            },
            discardContent: {
                if let media = try? await store.media.summary(id) { await cache.remove(media.etag) }
            })
    }

    private static func layersLoader(
        _ hash: InfoHash, _ store: Store
    ) -> @Sendable () async throws -> [[UInt8]: [UInt8]] {
        { try await storing { () throws(StoreError) in try await store.torrents.pieceLayers(hash) } }
    }
}

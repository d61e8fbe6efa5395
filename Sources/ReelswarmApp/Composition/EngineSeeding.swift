import Catalog
import Metainfo
import Publishing
import TorrentEngine
import TrackerServer

/// Joins publishing to the seeder: what is seeded here is also a seeder in the tracker's eyes.
struct EngineSeeding: Seeding {
    let engine: SwarmEngine
    let tracker: Tracker
    let outside: OutsideTrackers

    func seed(_ torrent: PublishedTorrent) async {
        await engine.add(
            SeededTorrent(
                infoHash: torrent.infoHash, aliases: torrent.alias.map { [$0] } ?? [], layout: torrent.layout,
                content: CachedContent(torrent: torrent), loadPieceLayers: torrent.loadPieceLayers,
                loadInfoBytes: torrent.loadInfoBytes))
        tracker.localSeeding(torrent.infoHash, true)
        outside.seeding(torrent.infoHash, true, alias: torrent.alias, others: torrent.otherTrackers.tiers)
    }

    func stopSeeding(_ hash: InfoHash) async {
        tracker.localSeeding(hash, false)
        outside.seeding(hash, false)
        await engine.remove(hash)
    }
}

/// Joins publishing to the tracker.
struct TrackerRegistry: SwarmRegistry {
    let tracker: Tracker

    func allow(_ hash: InfoHash, alias: InfoHash?, size: Int64, completed: UInt64) async {
        tracker.allow(hash, alias: alias, completed: completed, size: UInt64(clamping: size))
    }

    func refuse(_ hash: InfoHash, removed: Bool) async { tracker.refuse(hash, reason: removed ? .removed : .off) }
}

/// The film's bytes as the seeder reads them: the cache file, rebuilt by publishing where it is missing.
private struct CachedContent: ContentSource {
    let torrent: PublishedTorrent

    func open() async throws -> ContentFile {
        let file = try await torrent.openContent()
        return ContentFile(descriptor: file.descriptor, size: file.size, ownedBy: file)
    }

    func discard() async { await torrent.discardContent() }
}

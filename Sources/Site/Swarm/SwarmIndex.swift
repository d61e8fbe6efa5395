import Catalog
import Metainfo
import Store
import Synchronization

/// Which torrent a slug has, remembered for a moment: many open pages ask for counts, and all ask the same.
final class SwarmIndex: Sendable {
    /// What is known of a slug.
    enum Entry: Sendable, Equatable {
        case torrent(InfoHash)
        case noTorrent, takenDown, missing
    }

    private struct Remembered {
        let entry: Entry
        let at: ContinuousClock.Instant
    }

    private static let lifetime: Duration = .seconds(2)
    private static let capacity = 4096
    private let videos: VideoRepository
    private let known = Mutex<[Slug: Remembered]>([:])

    init(videos: VideoRepository) { self.videos = videos }

    /// What a slug has now, give or take two seconds.
    func entry(_ slug: Slug) async throws(StoreError) -> Entry {
        if let entry = remembered(slug) { return entry }
        let entry = Self.entry(of: try await videos.video(slug: slug))
        remember(slug, entry)
        return entry
    }

    /// The torrents of those of the slugs that have one, with at most one query.
    func torrents(of slugs: [Slug]) async throws(StoreError) -> [InfoHash: [Slug]] {
        var entries: [Slug: Entry] = [:]
        for slug in slugs { entries[slug] = remembered(slug) }
        let unknown = slugs.filter { entries[$0] == nil }
        if !unknown.isEmpty {
            for video in try await videos.published(slugs: unknown) {
                let entry = Self.entry(of: video)
                entries[video.slug] = entry
                remember(video.slug, entry)
            }
        }
        var torrents: [InfoHash: [Slug]] = [:]
        for (slug, entry) in entries {
            if case .torrent(let hash) = entry { torrents[hash, default: []].append(slug) }
        }
        return torrents
    }

    /// Keeps what a page has just read anyway.
    func note(_ video: Video) { remember(video.slug, Self.entry(of: video)) }

    /// Forgets a slug whose video has changed.
    func forget(_ slug: Slug) { known.withLock { $0[slug] = nil } }

    private static func entry(of video: Video?) -> Entry {
        guard let video else { return .missing }
        guard video.state == .published else { return .takenDown }
        return video.torrent.map { .torrent($0.infoHash) } ?? .noTorrent
    }

    private func remembered(_ slug: Slug) -> Entry? {
        known.withLock { known in
            guard let found = known[slug], ContinuousClock.now - found.at < Self.lifetime else { return nil }
            return found.entry
        }
    }

    private func remember(_ slug: Slug, _ entry: Entry) {
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[slug] = Remembered(entry: entry, at: .now)
        }
    }
}

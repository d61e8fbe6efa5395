import Catalog
import HTTPTypes
import HTTPWire
import Store
import WebServer

/// `GET /feed/podcast.rss`: the newest films and sounds for podcast programs; `tag` and `q` as in the library.
struct ShowPodcast: Act {
    private static let length = 50

    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let fields = visit.request.query
        let query = try LibraryQuery(search: fields.first("q"), tag: fields.first("tag"), page: 1, perPage: Self.length)
        let settings = try await site.settings.current()
        let videos = try await site.store.videos.published(query: query).items
        let clips = try await site.store.clips.list(ofVideos: videos.map(\.id))
        let feed = PodcastFeed(
            site: site, settings: settings, request: visit.request, query: query, videos: videos,
            clips: Dictionary(grouping: clips, by: \.videoID))
        let bytes = feed.bytes
        let content = RangedContent(
            size: Int64(bytes.count), etag: Self.tag(bytes), contentType: "application/rss+xml; charset=utf-8",
            headers: [.cacheControl: "public, max-age=60"],
            source: .reader { range, writer in
                try await writer.write(Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
            })
        return content.respond(to: visit.request)
    }

    /// The same for the same feed on every node: programs that have it are told so (FNV-1a, 64 bits).
    private static func tag(_ bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }
}

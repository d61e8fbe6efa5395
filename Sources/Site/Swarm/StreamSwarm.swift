import Catalog
import HTTPWire
import Metainfo
import WebServer

/// `GET /videos/{slug}/swarm/events`: the counts of one video as they change.
struct StreamSwarm: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let slug = try visit.slug()
        let hash = try await site.swarmHash(of: slug)
        return .events(site.swarmHub.events(of: [hash: [slug]], namesVideos: false))
    }
}

/// `GET /swarm/events?videos=slug,slug`: the counts of all videos of a list in one stream, since a browser allows only
/// six connections to a host.
struct StreamSwarms: Act {
    /// The most videos in one stream.
    static let maximum = 100

    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let names = (visit.request.query.first("videos") ?? "").split(separator: ",")
        guard (1...Self.maximum).contains(names.count) else {
            throw HTTPError.badRequest("Name 1 to \(Self.maximum) videos, separated by commas.", code: "bad_videos")
        }
        guard try await site.settings.current().bittorrentEnabled else { throw Refusal.noTorrent }
        let torrents = try await site.swarmIndex.torrents(of: names.compactMap { Slug(String($0)) })
        guard !torrents.isEmpty else { throw Refusal.noTorrent }
        return .events(site.swarmHub.events(of: torrents, namesVideos: true))
    }
}

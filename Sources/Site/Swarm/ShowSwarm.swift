import Catalog
import HTTPTypes
import Metainfo
import WebServer

/// `GET /videos/{slug}/swarm`: the counts now.
struct ShowSwarm: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let hash = try await site.swarmHash(of: visit.slug())
        var response = Response.json(JSONText.encode(SwarmReport(site.reading(hash))))
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

extension SiteContext {
    /// The torrent at a slug.
    ///
    /// - Throws: 404 when there is no video or no torrent (also while BitTorrent is off), 410 when it was taken down.
    func swarmHash(of slug: Slug) async throws -> InfoHash {
        guard try await settings.current().bittorrentEnabled else { throw Refusal.noTorrent }
        switch try await swarmIndex.entry(slug) {
        case .torrent(let hash): return hash
        case .noTorrent: throw Refusal.noTorrent
        case .takenDown: throw Refusal.takenDown
        case .missing: throw Refusal.noVideo
        }
    }

    /// What pages say of a swarm.
    func reading(_ hash: InfoHash) -> SwarmReading { swarm.reading(hash) }

    /// The counts that pages show of a swarm: those of the fullest view. All zero when nobody knows it yet.
    func counts(_ hash: InfoHash) -> SwarmCounts { swarm.reading(hash).counts }
}

extension SwarmView {
    /// The fullest view of a swarm.
    func reading(_ hash: InfoHash) -> SwarmReading {
        SwarmReading(own: counts(hash) ?? SwarmCounts(), usesOwn: usesOwnTracker(), trackers: trackers(hash))
    }
}

import Catalog
import HTTPTypes
import Metainfo
import WebServer

/// `GET /videos/{slug}/swarm`: the counts now.
struct ShowSwarm: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let hash = try await site.swarmHash(of: visit.slug())
        var response = Response.json(JSONText.encode(SwarmReport(site.counts(hash))))
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

    /// The counts of a swarm; all zero when the tracker does not know it yet.
    func counts(_ hash: InfoHash) -> SwarmCounts { swarm.counts(hash) ?? SwarmCounts() }
}

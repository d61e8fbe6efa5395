import Catalog
import HTTPWire
import Store
import WebServer

/// `GET /api/v1/videos`: published videos, newest first; `q`, `tag`, `page`, `per_page` (up to 100).
struct ListVideos: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let fields = visit.request.query
        let query = try LibraryQuery(
            search: fields.first("q"), tag: fields.first("tag"), page: try PageNumber.of(fields),
            perPage: try PageNumber.of(fields, name: "per_page", default: 24))
        return try await VideoAnswer(site: site).page(
            try await site.store.videos.published(query: query), visit.request)
    }
}

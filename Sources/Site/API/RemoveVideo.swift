import Catalog
import Publishing
import WebServer

/// `DELETE /api/v1/videos/{id}`: 204.
struct RemoveVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.numberedVideoToManage(visit)
        try await site.publisher.delete(video.id, by: try visit.user())
        site.forget(video.slug)
        return .empty()
    }
}

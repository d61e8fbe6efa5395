import Catalog
import Publishing
import WebServer

/// `POST /api/v1/videos/{id}/restore`: answers with the video.
struct RestoreByAPI: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.numberedVideoToManage(visit)
        try await JSONBody(visit.request, mayBeEmpty: true).finish()
        try await site.publisher.restore(video.id, by: try visit.user())
        site.forget(video.slug)
        return try await VideoAnswer(site: site).one(try await site.numberedVideo(visit), visit.request)
    }
}

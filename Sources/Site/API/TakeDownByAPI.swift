import Catalog
import Publishing
import WebServer

/// `POST /api/v1/videos/{id}/takedown`, with an optional `reason`: answers with the video.
struct TakeDownByAPI: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.numberedVideoToManage(visit)
        var body = try await JSONBody(visit.request, mayBeEmpty: true)
        let reason = try body.text("reason") ?? ""
        try body.finish()
        try await site.publisher.takeDown(video.id, by: try visit.user(), reason: String(reason.prefix(500)))
        site.forget(video.slug)
        return try await VideoAnswer(site: site).one(try await site.numberedVideo(visit), visit.request)
    }
}

import Catalog
import HTTPTypes
import Publishing
import WebServer

/// `POST /api/v1/clips/{id}/materialise`: 202 with the clip, whose `made` is a film once it is made.
struct MaterialiseByAPI: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let found = try visit.allowed(.materialise, try await site.numberedClip(visit))
        try await JSONBody(visit.request, mayBeEmpty: true).finish()
        guard found.video.state == .published else { throw Refusal.takenDown }
        let clip = try await site.publisher.clips.materialise(found.clip, by: try visit.user())
        return ClipAnswer(site: site, request: visit.request).one(clip, found.video, status: .accepted)
    }
}

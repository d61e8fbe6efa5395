import Catalog
import HTTPTypes
import Publishing
import WebServer

/// `POST /api/v1/clips/{id}/materialise`: 202 with the clip, whose `made` is a film once it is made. `mode` is `fast`,
/// which is what is taken without it, or `exact`.
struct MaterialiseByAPI: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let found = try visit.allowed(.materialise, try await site.numberedClip(visit))
        var body = try await JSONBody(visit.request, mayBeEmpty: true)
        let mode = try body.text("mode") ?? ClipMode.fast.rawValue
        try body.finish()
        guard mode == ClipMode.fast.rawValue || mode == ClipMode.exact.rawValue else {
            throw HTTPError.badRequest("The mode is fast or exact.", code: "bad_mode")
        }
        guard found.video.state == .published else { throw Refusal.takenDown }
        let clip = try await site.publisher.clips.materialise(
            found.clip, isExact: mode == ClipMode.exact.rawValue, by: try visit.user())
        return ClipAnswer(site: site, request: visit.request).one(clip, found.video, status: .accepted)
    }
}

import Catalog
import Publishing
import WebServer

/// `POST /clips/{slug}/materialise`: a film of its own is made of the clip, with its own torrent.
struct MaterialiseClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let found = try await site.managedClip(visit, .materialise)
        guard found.video.state == .published else { throw Refusal.takenDown }
        try await site.publisher.clips.materialise(
            found.clip, isExact: visit.field("mode") == ClipMode.exact.rawValue, by: try visit.user())
        return .redirect(to: ClipPaths(found.clip.slug).page)
    }
}

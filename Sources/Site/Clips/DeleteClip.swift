import Catalog
import Publishing
import WebServer

/// `POST /clips/{slug}/delete`: the film stays as it is, and so does a film that was made of the clip.
struct DeleteClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let found = try await site.managedClip(visit, .delete)
        try await site.publisher.clips.delete(found.clip.id, by: try visit.user())
        site.recentClips.forget(found.video.id)
        return .redirect(to: VideoPaths(found.video.slug).page)
    }
}

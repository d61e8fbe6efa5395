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
        let isShown = found.video.state == .published || visit.mayManage(found.video)
        return .redirect(to: isShown ? VideoPaths(found.video.slug).page + "?deleted=clip" : "/account")
    }
}

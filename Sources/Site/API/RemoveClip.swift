import Catalog
import Publishing
import WebServer

/// `DELETE /api/v1/clips/{id}`: 204.
struct RemoveClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let found = try visit.allowed(.delete, try await site.numberedClip(visit, for: .delete))
        try await site.publisher.clips.delete(found.clip.id, by: try visit.user())
        site.recentClips.forget(found.video.id)
        return .empty()
    }
}

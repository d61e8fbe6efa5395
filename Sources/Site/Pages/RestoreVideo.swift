import Catalog
import Publishing
import WebServer

/// `POST /videos/{slug}/restore`: opens again what was taken down.
struct RestoreVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.managedVideo(visit)
        try await site.publisher.restore(video.id, by: try visit.user())
        site.forget(video.slug)
        return .redirect(to: VideoPaths(video.slug).page)
    }
}

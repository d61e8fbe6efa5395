import Catalog
import Publishing
import WebServer

/// `POST /videos/{slug}/delete`: removes a video for good.
struct DeleteVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.managedVideo(visit)
        try await site.publisher.delete(video.id, by: try visit.user())
        site.forget(video.slug)
        return .redirect(to: "/?deleted=film")
    }
}

import Catalog
import Publishing
import WebServer

/// `POST /videos/{slug}/takedown`: closes page, file, torrent and swarm at once.
struct TakeDownVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.managedVideo(visit)
        let reason = String(visit.field("reason").prefix(500))
        try await site.publisher.takeDown(video.id, by: try visit.user(), reason: reason)
        site.forget(video.slug)
        return .redirect(to: VideoPaths(video.slug).page)
    }
}

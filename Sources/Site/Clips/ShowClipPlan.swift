import Catalog
import Publishing
import WebServer

/// `GET /videos/{slug}/clip?start=&end=`: where a clip lies in the film, in its file and in its torrent, as JSON.
struct ShowClipPlan: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let slug = try visit.slug()
        let video = try await site.recentVideos.value(slug) { try await site.publishedVideo(slug) }
        let times = try ClipTimeText(visit.request.query).times(in: video)
        let cost = try await site.publisher.clips.plan(video, times)
        let settings = try await site.settings.current()
        let offer = ClipOffer(video: video, cost: cost, site: site, settings: settings, request: visit.request)
        return .json(JSONText.encode(ClipPlanJSON(offer: offer)))
    }
}

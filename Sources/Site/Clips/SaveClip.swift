import Catalog
import HTTPTypes
import Publishing
import WebServer

/// `POST /videos/{slug}/clips`: saves a part of a film under a title of its own. Nothing is copied.
struct SaveClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.publishedVideo(visit.slug())
        let times = ClipTimeText(visit.form)
        do {
            let clip = try await site.publisher.clips.save(
                video, try times.times(in: video), title: try Title(visit.field("title")),
                description: try Description(visit.field("description")), by: try visit.user())
            site.recentClips.forget(video.id)
            return .redirect(to: ClipPaths(clip.slug).page + "?saved=1")
        } catch {
            guard let refusal = Refusal.answer(to: error), refusal.status == .badRequest else { throw error }
            let refused = RefusedClip(
                title: visit.field("title"), description: visit.field("description"), times: times,
                sentence: refusal.message)
            return try await VideoPageAnswer(site: site).of(video, visit, refused: refused)
        }
    }
}

import Catalog
import HTTPTypes
import Publishing
import WebServer

/// `POST /api/v1/videos/{id}/clips`: `title`, `start`, `end`, with a `description` if wanted; 201 with the clip.
struct CreateClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.numberedVideo(visit)
        guard video.state == .published else { throw Refusal.takenDown }
        var body = try await JSONBody(visit.request)
        let title = try body.text("title") ?? ""
        let description = try body.text("description") ?? ""
        let (start, end) = (try body.seconds("start"), try body.seconds("end"))
        try body.finish()
        guard let start, let end else { throw ClipTimeText.refusal(video) }
        let clip = try await site.publisher.clips.save(
            video, ClipTimes(start: start, end: end), title: try Title(title),
            description: try Description(description), by: try visit.user())
        site.recentClips.forget(video.id)
        return ClipAnswer(site: site, request: visit.request).one(clip, video, status: .created)
    }
}

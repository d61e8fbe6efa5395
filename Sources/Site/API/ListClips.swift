import Catalog
import Store
import WebServer

/// `GET /api/v1/videos/{id}/clips`: the film's clips in the order of their start.
struct ListClips: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.numberedVideo(visit)
        let clips = try await site.store.clips.list(ofVideo: video.id)
        let answer = ClipAnswer(site: site, request: visit.request)
        return .json(JSONText.encode(["clips": clips.map { answer.json($0, video) }]))
    }
}

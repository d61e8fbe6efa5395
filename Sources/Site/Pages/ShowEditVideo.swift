import Catalog
import HTTPTypes
import WebServer

/// `GET /videos/{slug}/edit`: the words of a video, to be changed.
struct ShowEditVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.managedVideo(visit)
        return try await EditVideoPage(site: site, video: video).answer(
            visit, title: video.title, description: video.description, tags: video.tags.joined(separator: ", "))
    }
}

/// The page with the form, fresh or with what was wrong.
struct EditVideoPage {
    let site: SiteContext
    let video: Video

    func answer(
        _ visit: Visit, title: String, description: String, tags: String, problem: String? = nil
    ) async throws -> Response {
        let paths = VideoPaths(video.slug)
        let settings = try await site.settings.current()
        return PageFrame(site: site, settings: settings).page(
            .editVideo, title: "Edit \(video.title)", for: visit, status: problem == nil ? .ok : .badRequest,
            [
                "form": ["title": .text(title), "description": .text(description), "tags": .text(tags)],
                "action": .text(paths.page + "/edit"), "back": .text(paths.page), "problem": .optional(problem),
            ])
    }
}

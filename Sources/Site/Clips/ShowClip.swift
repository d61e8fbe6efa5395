import Catalog
import HTTPTypes
import WebServer

/// `GET /clips/{slug}`: the player limited to the clip, the film it is of, and the film's swarm.
struct ShowClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        try await ClipPageAnswer(site: site).of(try await site.shownClip(visit), visit)
    }
}

/// The page of a clip, fresh or with what was wrong with its form.
struct ClipPageAnswer {
    let site: SiteContext

    func of(
        _ found: ClipOfFilm, _ visit: Visit, form: (title: String, description: String)? = nil, problem: String? = nil
    ) async throws -> Response {
        let settings = try await site.settings.current()
        site.swarmIndex.note(found.video)
        let page = ClipPage(
            clip: found.clip, video: found.video, site: site, settings: settings, visit: visit,
            form: form ?? (found.clip.title, found.clip.description), problem: problem)
        return PageFrame(site: site, settings: settings).page(
            .clip, title: found.clip.title, for: visit, status: problem == nil ? .ok : .badRequest,
            ["clip": page.values])
    }
}

import Catalog
import ClipIndex
import HTTPTypes
import HTTPWire
import Store
import WebServer

/// `GET /account`: who one is here, and one's password.
struct ShowAccount: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let saved = visit.request.query.first("saved") == "1"
        return try await AccountPage(site: site).answer(visit, notice: saved ? "Your password is changed." : nil)
    }
}

/// The page with the form, fresh or with what was wrong.
struct AccountPage {
    let site: SiteContext

    func answer(_ visit: Visit, notice: String? = nil, refusal: HTTPError? = nil) async throws -> Response {
        let settings = try await site.settings.current()
        let own = try await site.store.videos.owned(by: visit.user().id, perPage: 200).items
        let clips = try await site.store.clips.list(ofOwner: visit.user().id, perPage: 100).items
            .filter { $0.videoState == .published }
        var response = PageFrame(site: site, settings: settings).page(
            .account, title: "Your account", at: .account, for: visit, status: refusal?.status ?? .ok,
            [
                "notice": .optional(notice), "problem": .optional(refusal?.message), "has_own": .flag(!own.isEmpty),
                "own": .list(own.map(Self.line)), "has_own_clips": .flag(!clips.isEmpty),
                "own_clips": .list(clips.map(Self.line)),
            ])
        if let refusal { response.headers.append(contentsOf: refusal.headers) }
        return response
    }

    private static func line(_ video: Video) -> TemplateValue {
        .object([
            "title": .text("\(video.title)"), "page": .text(VideoPaths(video.slug).page),
            "is_off": .flag(video.state == .takenDown),
        ])
    }

    private static func line(_ clip: Clip) -> TemplateValue {
        [
            "title": .text(clip.title), "href": .text(ClipPaths(clip.slug).page),
            "video_title": .text(clip.videoTitle),
            "video_href": .text(VideoPaths(clip.videoSlug).page),
            "times": .text("\(ClipTime.text(clip.times.start)) to \(ClipTime.text(clip.times.end))"),
        ]
    }
}

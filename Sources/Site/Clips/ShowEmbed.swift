import Catalog
import ClipIndex
import HTTPTypes
import WebServer

/// `GET /videos/{slug}/embed` and `GET /clips/{slug}/embed`: a player for pages of others.
///
/// The only pages that may be framed. They know nobody, have no form, and change nothing.
struct ShowEmbed: Act {
    /// What is shown.
    enum Subject: Sendable { case video, clip }

    let site: SiteContext
    let subject: Subject

    func callAsFunction(_ visit: Visit) async throws -> Response {
        do {
            switch subject {
            case .video:
                let video = try await site.publishedVideo(visit.slug())
                return try await page(visit, video.title, Self.player(video, nil, origin(visit)))
            case .clip:
                let found = try await site.shownClip(visit)
                return try await page(visit, found.clip.title, Self.player(found.video, found.clip, origin(visit)))
            }
        } catch let refusal as HTTPError where refusal.status == .notFound || refusal.status == .gone {
            return try await page(visit, "", .nothing, refusal)
        }
    }

    private func origin(_ visit: Visit) -> String { BaseURL(visit.request, addresses: site.addresses).origin }

    private func page(_ visit: Visit, _ title: String, _ player: TemplateValue, _ refusal: HTTPError? = nil)
        async throws -> Response
    {
        let settings = try await site.settings.current()
        let values: TemplateValue = [
            "title": .text(title), "site_name": .text(settings.siteName), "asset": site.assetPaths, "embed": player,
            "problem": .optional(refusal?.message), "library": .text(origin(visit) + "/"),
        ]
        var response = Response.bytes(
            site.templates.render(.embed, values), contentType: "text/html; charset=utf-8",
            status: refusal?.status ?? .ok)
        response.headers[.contentSecurityPolicy] = SecurityHeaders.framedPolicy
        return response
    }

    private static func player(_ video: Video, _ clip: Clip?, _ origin: String) -> TemplateValue {
        let paths = VideoPaths(video.slug)
        let times = clip?.times
        return [
            "title": .text(clip?.title ?? video.title), "video_title": .text(video.title),
            "href": .text(origin + (clip.map { ClipPaths($0.slug).page } ?? paths.page)),
            "media": .text(times.map { paths.media($0.start, $0.end) } ?? paths.media),
            "media_type": .text(video.media.mediaType), "is_video": .flag(video.media.mediaType.hasPrefix("video/")),
            "thumbnail": video.hasThumbnail ? .text(paths.thumbnail) : .nothing, "is_clip": .flag(clip != nil),
            "start": .optional(times.map { ClipTime.number($0.start) }),
            "end": .optional(times.map { ClipTime.number($0.end) }),
            "start_words": .optional(times.map { ClipTime.text($0.start) }),
            "end_words": .optional(times.map { ClipTime.text($0.end) }),
        ]
    }
}

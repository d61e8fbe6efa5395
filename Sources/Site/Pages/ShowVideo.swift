import Catalog
import HTTPTypes
import Store
import WebServer

/// `GET /videos/{slug}`: player, words, facts, torrent, and what its owner may do.
struct ShowVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        guard let video = try await site.store.videos.video(slug: visit.slug()) else { throw Refusal.noVideo }
        guard video.state == .published || visit.mayManage(video) else { throw Refusal.takenDown }
        return try await VideoPageAnswer(site: site).of(video, visit)
    }
}

/// The page of a film, fresh or with a clip that could not be saved.
struct VideoPageAnswer {
    let site: SiteContext

    func of(_ video: Video, _ visit: Visit, refused: RefusedClip? = nil) async throws -> Response {
        let settings = try await site.settings.current()
        site.swarmIndex.note(video)
        let history = await history(of: video, settings, visit)
        let (sheet, sheetComes) = try await site.storyboard(of: video)
        let tool = ClipTool(
            video: video, site: site, settings: settings, visit: visit, sheet: sheet, sheetComes: sheetComes,
            refused: refused)
        let clips = try await site.recentClips.value(video.id) {
            try await site.store.clips.list(ofVideo: video.id)
        }
        let page = VideoPage(
            video: video, site: site, settings: settings, visit: visit, history: history,
            clipTool: await tool.values(), clips: clips.map { ClipLine(clip: $0, sheet: sheet).values })
        return PageFrame(site: site, settings: settings).page(
            .video, title: video.title, for: visit, status: refused == nil ? .ok : .badRequest,
            ["video": page.values])
    }

    private func history(of video: Video, _ settings: SiteSettings, _ visit: Visit) async -> TemplateValue {
        guard settings.bittorrentEnabled, video.state == .published, let hash = video.torrent?.infoHash else {
            return .nothing
        }
        return await site.history(of: hash, for: visit.request.query, at: VideoPaths(video.slug).page)
    }
}

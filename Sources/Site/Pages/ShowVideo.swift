import Catalog
import Store
import WebServer

/// `GET /videos/{slug}`: player, words, facts, torrent, and what its owner may do.
struct ShowVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        guard let video = try await site.store.videos.video(slug: visit.slug()) else { throw Refusal.noVideo }
        guard video.state == .published || visit.mayManage(video) else { throw Refusal.takenDown }
        let settings = try await site.settings.current()
        site.swarmIndex.note(video)
        let history = await history(of: video, settings, visit)
        let page = VideoPage(video: video, site: site, settings: settings, visit: visit, history: history)
        return PageFrame(site: site, settings: settings)
            .page(.video, title: video.title, for: visit, ["video": page.values])
    }

    private func history(of video: Video, _ settings: SiteSettings, _ visit: Visit) async -> TemplateValue {
        guard settings.bittorrentEnabled, video.state == .published, let hash = video.torrent?.infoHash else {
            return .nothing
        }
        return await site.history(of: hash, for: visit.request.query, at: VideoPaths(video.slug).page)
    }
}

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
        let page = VideoPage(video: video, site: site, settings: settings, visit: visit)
        return PageFrame(site: site, settings: settings)
            .page(.video, title: video.title, for: visit, ["video": page.values])
    }
}

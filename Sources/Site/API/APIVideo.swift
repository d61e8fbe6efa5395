import Catalog
import Store
import WebServer

extension SiteContext {
    /// The video whose number stands in the path.
    ///
    /// - Throws: 404 when there is none (or the number is none), 410 when it was taken down and the viewer may not
    ///   know it.
    func numberedVideo(_ visit: Visit) async throws -> Video {
        guard let id = visit.request.parameters["id"].flatMap({ VideoID($0) }),
            let video = try await store.videos.video(id: id)
        else { throw Refusal.noVideo }
        guard video.state == .published || visit.mayManage(video) else { throw Refusal.takenDown }
        return video
    }

    /// The same for one who may change it; else 403.
    func numberedVideoToManage(_ visit: Visit) async throws -> Video {
        let video = try await numberedVideo(visit)
        guard visit.mayManage(video) else { throw Refusal.forbidden }
        return video
    }
}

import Catalog
import Store
import WebServer

extension SiteContext {
    /// The published video at a slug.
    ///
    /// - Throws: 404 when there is none, 410 when it was taken down, `StoreError`.
    func publishedVideo(_ slug: Slug) async throws -> Video {
        guard let video = try await store.videos.video(slug: slug) else { throw Refusal.noVideo }
        guard video.state == .published else { throw Refusal.takenDown }
        return video
    }

    /// Forgets what is remembered of a video that was taken down, restored or deleted.
    func forget(_ slug: Slug) {
        swarmIndex.forget(slug)
        recentVideos.forget(slug)
    }

    /// The video at a slug, in any state, for one who may change it.
    ///
    /// - Throws: 404, 410 for a taken-down video of others, 403 for a published one of others, `StoreError`.
    func managedVideo(_ visit: Visit) async throws -> Video {
        guard let video = try await store.videos.video(slug: visit.slug()) else { throw Refusal.noVideo }
        guard visit.mayManage(video) else { throw video.state == .published ? Refusal.forbidden : Refusal.takenDown }
        return video
    }
}

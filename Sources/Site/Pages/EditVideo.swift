import Catalog
import Store
import WebServer

/// `POST /videos/{slug}/edit`: saves the words. The address stays.
struct EditVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.managedVideo(visit)
        do {
            let changes = VideoChanges(
                title: try Title(visit.field("title")), description: try Description(visit.field("description")),
                tags: try Tag.parse(commaSeparated: visit.field("tags")))
            let user = try visit.user()
            _ = try await site.store.videos.update(
                video.id, changes, owner: user.role == .admin ? nil : user.id)
        } catch let error as CatalogError {
            return try await EditVideoPage(site: site, video: video).answer(
                visit, title: visit.field("title"), description: visit.field("description"),
                tags: visit.field("tags"), problem: error.sentence)
        }
        return .redirect(to: VideoPaths(video.slug).page + "?saved=1")
    }
}

import Catalog
import Store
import WebServer

/// `PATCH /api/v1/videos/{id}`: changes `title`, `description`, `tags`; what is not sent stays.
struct PatchVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.numberedVideoToManage(visit)
        var body = try await JSONBody(visit.request)
        var changes = VideoChanges()
        if let title = try body.text("title") { changes.title = try Title(title) }
        if let description = try body.text("description") { changes.description = try Description(description) }
        if let tags = try body.texts("tags") { changes.tags = try Tag.list(tags) }
        try body.finish()
        let user = try visit.user()
        let changed = try await site.store.videos.update(
            video.id, changes, owner: user.role == .admin ? nil : user.id)
        return try await VideoAnswer(site: site).one(changed, visit.request)
    }
}

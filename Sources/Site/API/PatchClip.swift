import Catalog
import Publishing
import WebServer

/// `PATCH /api/v1/clips/{id}`: changes `title` and `description`; what is not sent stays.
struct PatchClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let found = try visit.allowed(.edit, try await site.numberedClip(visit))
        var body = try await JSONBody(visit.request)
        var changes = ClipChanges()
        if let title = try body.text("title") { changes.title = try Title(title) }
        if let description = try body.text("description") { changes.description = try Description(description) }
        try body.finish()
        let changed = try await site.publisher.clips.rename(found.clip.id, changes, by: try visit.user())
        site.recentClips.forget(found.video.id)
        return ClipAnswer(site: site, request: visit.request).one(changed, found.video)
    }
}

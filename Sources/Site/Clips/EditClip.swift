import Catalog
import Publishing
import WebServer

/// `POST /clips/{slug}/edit`: saves the words. Address and times stay.
struct EditClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let found = try await site.managedClip(visit, .edit)
        let (title, description) = (visit.field("title"), visit.field("description"))
        do {
            let changes = ClipChanges(title: try Title(title), description: try Description(description))
            _ = try await site.publisher.clips.rename(found.clip.id, changes, by: try visit.user())
        } catch let error as CatalogError {
            return try await ClipPageAnswer(site: site).of(
                found, visit, form: (title, description), problem: error.sentence)
        }
        site.recentClips.forget(found.video.id)
        return .redirect(to: ClipPaths(found.clip.slug).page + "?saved=1")
    }
}

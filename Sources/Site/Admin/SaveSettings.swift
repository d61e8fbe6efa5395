import Catalog
import Publishing
import WebServer

/// `POST /admin/settings`: in force at once, in every torrent that is downloaded from now on.
struct SaveSettings: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let form = SettingsForm(visit, current: try await site.settings.current())
        do {
            let settings = try await site.publisher.changeSettings(try form.changes(), by: try visit.user().id)
            site.settings.replace(with: settings)
        } catch let error as CatalogError {
            return try await SettingsPage(site: site).answer(visit, form, wrong: error)
        }
        return .redirect(to: "/admin/settings?saved=1")
    }
}

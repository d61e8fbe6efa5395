import Catalog
import HTTPTypes
import WebServer

/// `POST /imports`: takes a .torrent or a magnet link; what is wrong with it is said above the form.
struct StartImport: UploadAct {
    let site: SiteContext

    func callAsFunction(_ visit: Visit, _ parts: UploadParts) async throws -> Response {
        do {
            let one = try await ImportReceiver(site: site, owner: try visit.user()).receive(parts)
            return .redirect(to: ImportsPage.address(one.id))
        } catch {
            guard let refusal = Refusal.answer(to: error), refusal.status.code < 500 else { throw error }
            return try await ImportsPage(site: site).answer(visit, refusal: refusal)
        }
    }
}

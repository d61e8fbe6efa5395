import Catalog
import Store
import WebServer

/// What a publisher may do with an import; admins reach everybody's.
enum ImportAct: Sendable {
    case choose, cancel, retry

    /// Does it. `file` is the number of the chosen one.
    func perform(_ site: SiteContext, _ visit: Visit, file: String?) async throws -> ImportID {
        let id = try visit.importID()
        let user = try visit.user()
        let owner = user.role == .admin ? nil : user.id
        switch self {
        case .choose:
            guard let chosen = file.flatMap({ Int32($0) }) else {
                throw HTTPError.badRequest("Choose one of the files.", code: "no_file")
            }
            try await site.store.imports.choose(Int(chosen), of: id, owner: owner)
        case .cancel: try await site.store.imports.cancel(id, owner: owner)
        case .retry: try await site.store.imports.retry(id, owner: owner)
        }
        return id
    }
}

extension Visit {
    /// The number of the import in the path.
    func importID() throws -> ImportID {
        guard let id = request.parameters["id"].flatMap({ ImportID($0) }) else { throw HTTPError.notFound }
        return id
    }
}

/// `POST /imports/{id}/choose`, `.../cancel`, `.../retry`.
struct ChangeImport: Act {
    let site: SiteContext
    let act: ImportAct

    func callAsFunction(_ visit: Visit) async throws -> Response {
        .redirect(to: ImportsPage.address(try await act.perform(site, visit, file: visit.field("file"))))
    }
}

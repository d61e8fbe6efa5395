import Catalog
import Foundation
import HTTPTypes
import Store
import WebServer

/// `GET /api/v1/imports`: one's own imports, newest first.
struct ListImports: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let imports = try await site.store.imports.latest(of: try visit.user().id)
        let base = BaseURL(visit.request, addresses: site.addresses)
        return .json(JSONText.encode(["imports": imports.map { ImportJSON($0, base: base) }]))
    }
}

/// `GET /api/v1/imports/{id}`.
struct ReadImport: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        try await ImportAnswer(site: site).one(try visit.importID(), visit)
    }
}

/// `POST /api/v1/imports`: `torrent` (a .torrent in base64) or `magnet`, with `title`, `description`, `tags` if wanted;
/// 201 with the import.
struct CreateImport: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        var body = try await JSONBody(visit.request)
        var words = UploadWords()
        words.fields["title"] = try body.text("title")
        words.fields["description"] = try body.text("description")
        words.fields["tags"] = try body.texts("tags").map { try Tag.list($0).map(\.rawValue).joined(separator: ",") }
        let source = try Self.source(&body)
        try body.finish()
        let receiver = ImportReceiver(site: site, owner: try visit.user())
        let one = try await receiver.start(source, words)
        return try await ImportAnswer(site: site).one(one.id, visit, status: .created)
    }

    private static func source(_ body: inout JSONBody) throws -> [UInt8] {
        switch (try body.text("torrent"), try body.text("magnet")) {
        case (let torrent?, nil):
            guard let data = Data(base64Encoded: torrent) else {
                throw HTTPError.badRequest("The member torrent must be a .torrent in base64.", code: "invalid_torrent")
            }
            return [UInt8](data)
        case (nil, let magnet?): return Array(magnet.utf8)
        default: throw HTTPError.badRequest("Send either torrent or magnet.", code: "no_source")
        }
    }
}

/// `POST /api/v1/imports/{id}/choose` with `file`, `.../cancel`, `.../retry`.
struct ChangeImportByAPI: Act {
    let site: SiteContext
    let act: ImportAct

    func callAsFunction(_ visit: Visit) async throws -> Response {
        var body = try await JSONBody(visit.request, mayBeEmpty: true)
        let file = act == .choose ? try body.number("file") : nil
        try body.finish()
        let id = try await act.perform(site, visit, file: file.map(String.init))
        return try await ImportAnswer(site: site).one(id, visit)
    }
}

/// One import as an answer of the API; 404 where it is not the asker's.
struct ImportAnswer {
    let site: SiteContext

    func one(_ id: ImportID, _ visit: Visit, status: HTTPResponse.Status = .ok) async throws -> Response {
        let user = try visit.user()
        let found = try await site.store.imports.find(id, owner: user.role == .admin ? nil : user.id)
        guard let found else { throw HTTPError.notFound }
        let base = BaseURL(visit.request, addresses: site.addresses)
        var response = Response.json(JSONText.encode(ImportJSON(found, base: base)), status: status)
        if status == .created { response.headers[.location] = "/api/v1/imports/\(id)" }
        return response
    }
}

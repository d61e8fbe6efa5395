import Catalog
import HTTPTypes
import Metainfo
import Store
import WebServer

/// The page of a publisher's imports: the form, fresh or with what was wrong, and how each import stands.
struct ImportsPage {
    let site: SiteContext

    /// Where on the page an import is.
    static func address(_ id: ImportID) -> String { "/imports#import-\(id)" }

    func answer(_ visit: Visit, refusal: HTTPError? = nil) async throws -> Response {
        let settings = try await site.settings.current()
        let imports = try await site.store.imports.latest(of: try visit.user().id)
        var response = PageFrame(site: site, settings: settings).page(
            .imports, title: "Publish from a torrent", at: .upload, for: visit, status: refusal?.status ?? .ok,
            [
                "problem": .optional(refusal?.message), "is_off": .flag(!settings.bittorrentEnabled),
                "has_imports": .flag(!imports.isEmpty), "imports": .list(imports.map(Self.line)),
                "is_under_way": .flag(imports.contains { $0.state.isUnderWay }),
                // Without the script the page reloads itself, but not under somebody who is choosing.
                "is_moving": .flag(
                    imports.contains { $0.state.isUnderWay } && !imports.contains { $0.state == .choosing }),
            ])
        if let refusal { response.headers.append(contentsOf: refusal.headers) }
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private static func line(_ one: Import) -> TemplateValue {
        .object([
            "id": .text("\(one.id.rawValue)"), "name": .text(name(one)), "hash": .text(one.infoHash.hex),
            "state": .text(one.state.rawValue), "words": .text(ImportWording.state(one)),
            "percent": .optional(ImportWording.percent(one).map(String.init)),
            "detail": .optional(ImportWording.detail(one)), "reason": .text(one.reason),
            "is_choosing": .flag(one.state == .choosing), "is_failed": .flag(one.state == .failed),
            "is_done": .flag(one.state == .done),
            "may_cancel": .flag(one.state.isUnderWay),
            "may_retry": .flag(one.state == .failed || one.state == .cancelled),
            "page": .optional(one.videoSlug.map { VideoPaths($0).page }),
            "files": .list(one.files.map(file)),
        ])
    }

    private static func name(_ one: Import) -> String {
        [one.words.title, one.name].first { !$0.isEmpty } ?? "Torrent \(one.infoHash.hex.prefix(8))…"
    }

    private static func file(_ file: ImportFile) -> TemplateValue {
        ["number": .text("\(file.number)"), "path": .text(file.path), "size": .text(ByteWords.binary(file.length))]
    }
}

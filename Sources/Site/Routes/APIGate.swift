import Accounts
import Catalog
import HTTPTypes
import HTTPWire
import WebServer

/// Stands before every route of the API: bearer tokens only, so that no cookie of a browser can act here.
struct APIGate: Sendable {
    let site: SiteContext
    let access: Access

    /// Answers a call.
    func run(_ request: Request, _ act: some Act) async throws -> Response {
        try await guarded(request) { viewer in try await act(visit(request, viewer)) }
    }

    /// Takes a file.
    func upload(_ request: Request, _ act: some UploadAct) async throws -> Response {
        try await guarded(request) { viewer in
            try UploadReceiver.checkLength(request, limit: try await site.settings.current().uploadLimit)
            return try await act(visit(request, viewer), try UploadParts(request))
        }
    }

    private func visit(_ request: Request, _ viewer: Viewer?) -> Visit {
        Visit(request: request, viewer: viewer, csrf: "", form: FormFields())
    }

    private func guarded(
        _ request: Request, _ body: (Viewer?) async throws -> Response
    ) async throws -> Response {
        let pages = ErrorPages(site: site)
        do {
            let viewer = try await viewer(of: request)
            switch access.judge(viewer) {
            case .granted: return try await body(viewer)
            case .forbidden: throw Refusal.forbidden
            case .loginNeeded: throw Self.tokenNeeded("This call needs a token: send Authorization: Bearer TOKEN.")
            }
        } catch let gone as ClientGone {
            throw gone
        } catch {
            return pages.problem(pages.publicError(error, request))
        }
    }

    /// A token that is sent must be right, also where none is needed.
    private func viewer(of request: Request) async throws -> Viewer? {
        guard let header = request.headers[.authorization] else { return nil }
        let words = header.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer" else {
            throw Self.tokenNeeded("This API takes bearer tokens: send Authorization: Bearer TOKEN.")
        }
        guard let viewer = try await site.accounts.viewer(bearer: String(words[1])) else {
            throw Self.tokenNeeded("This token is not valid, or no longer.")
        }
        return viewer
    }

    private static func tokenNeeded(_ sentence: String) -> HTTPError {
        HTTPError(
            .unauthorized, code: "token_needed", message: sentence, headers: [.wwwAuthenticate: "Bearer"])
    }
}

import Accounts
import Catalog
import HTTPTypes
import HTTPWire
import WebServer

/// Stands before every page and form: finds the session, judges access, checks the form token, and turns errors into
/// pages.
struct PageGate: Sendable {
    /// The most bytes of a form without a file: a description of 10,000 characters, all of them escaped, fits.
    private static let formLimit = 256 << 10

    let site: SiteContext
    let access: Access
    /// Whether what stands behind it is data, and not for people.
    var isData = false

    /// Answers a page.
    func show(_ request: Request, _ act: some Act) async throws -> Response {
        try await guarded(request) { viewer in
            guard access.judge(viewer) == .granted else { return try refusal(of: viewer, request) }
            return try await act(visit(request, viewer))
        }
    }

    /// Does what a form asks for.
    func submit(_ request: Request, _ act: some Act) async throws -> Response {
        try await guarded(request) { viewer in
            guard access.judge(viewer) == .granted else { return try refusal(of: viewer, request) }
            guard FormOrigin.isOurs(request, publicURL: site.addresses.publicURL) else { throw Refusal.badForm }
            var visit = visit(request, viewer)
            visit.form = try await form(request)
            guard isSameToken(visit.field("csrf"), expectedToken(viewer, request)) else { throw Refusal.badForm }
            return try await act(visit)
        }
    }

    /// Takes a form with a file.
    func upload(_ request: Request, _ act: some UploadAct) async throws -> Response {
        try await guarded(request) { viewer in
            guard access.judge(viewer) == .granted else { return try refusal(of: viewer, request) }
            guard FormOrigin.isOurs(request, publicURL: site.addresses.publicURL) else { throw Refusal.badForm }
            try UploadReceiver.checkLength(request, limit: try await site.settings.current().uploadLimit)
            var parts = try UploadParts(request)
            try await parts.requireToken(expectedToken(viewer, request))
            return try await act(visit(request, viewer), parts)
        }
    }

    /// Runs `body` with the viewer; errors become pages that know the viewer.
    private func guarded(
        _ request: Request, _ body: (Viewer?) async throws -> Response
    ) async throws -> Response {
        let pages = ErrorPages(site: site)
        var known: ErrorPages.Known = .unknown
        do {
            let viewer = try await viewer(of: request)
            known = viewer.map { .user($0) } ?? .visitor
            return try await body(viewer)
        } catch let gone as ClientGone {
            throw gone
        } catch {
            let shown = pages.publicError(error, request)
            return isData ? pages.problem(shown) : pages.answer(shown, request, viewer: known)
        }
    }

    private func viewer(of request: Request) async throws -> Viewer? {
        guard let token = SessionCookie(request).sessionToken(in: request), !token.isEmpty else { return nil }
        return try await site.accounts.viewer(sessionToken: token)
    }

    private func visit(_ request: Request, _ viewer: Viewer?) -> Visit {
        Visit(request: request, viewer: viewer, csrf: expectedToken(viewer, request), form: FormFields())
    }

    /// A session has its own token; visitors have the one of their cookie, or none yet.
    private func expectedToken(_ viewer: Viewer?, _ request: Request) -> String {
        viewer?.csrf ?? SessionCookie(request).visitorToken(in: request) ?? ""
    }

    private func form(_ request: Request) async throws -> FormFields {
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
        guard type == "application/x-www-form-urlencoded" else {
            throw HTTPError(.unsupportedMediaType, code: "bad_form", message: "This address takes a form.")
        }
        return try FormFields(decoding: try await request.body.collect(upTo: Self.formLimit), limit: 100)
    }

    /// Visitors go to the log-in page and come back; the others, and forms, are told.
    private func refusal(of viewer: Viewer?, _ request: Request) throws -> Response {
        guard viewer == nil else { throw Refusal.forbidden }
        guard request.method == .get || request.method == .head else { throw Refusal.loginNeeded }
        return .redirect(to: "/login?next=" + NextPath.encoded(request))
    }
}

import Accounts
import Catalog
import HTTPTypes
import Logging
import Publishing
import WebServer

/// What people and programs see when something is refused or fails: a page of the site, or a problem document (RFC
/// 9457).
struct ErrorPages: Sendable {
    /// What is known of who asks.
    enum Known: Sendable {
        case unknown, visitor
        case user(Viewer)
    }

    let site: SiteContext

    /// What may be told of an error. A fault of ours is logged and named by the request only.
    func publicError(_ error: any Error, _ request: Request) -> HTTPError {
        if let answer = Refusal.answer(to: error) { return answer }
        request.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.path)"])
        return .internalError
    }

    /// The answer in the form the client reads.
    func answer(_ error: HTTPError, _ request: Request, viewer: Known) -> Response {
        if request.path.hasPrefix("/api/") || Self.wantsJSON(request) { return problem(error) }
        var response = Response.bytes(
            page(error, request, viewer), contentType: "text/html; charset=utf-8", status: error.status)
        response.headers.append(contentsOf: error.headers)
        return response
    }

    /// A problem document with a `code`.
    func problem(_ error: HTTPError) -> Response {
        let document = Problem(
            type: "about:blank", title: error.status.reasonPhrase, status: error.status.code, code: error.code,
            detail: error.message)
        var response = Response.bytes(
            JSONText.encode(document), contentType: "application/problem+json", status: error.status)
        response.headers.append(contentsOf: error.headers)
        return response
    }

    /// Whether the client asked for JSON by name and not for HTML.
    static func wantsJSON(_ request: Request) -> Bool {
        guard let accept = request.headers[.accept]?.lowercased() else { return false }
        return accept.contains("json") && !accept.contains("text/html")
    }

    private func page(_ error: HTTPError, _ request: Request, _ known: Known) -> [UInt8] {
        var viewer: Viewer?
        var frame = PageFrame(site: site, settings: site.settings.latest)
        switch known {
        case .unknown: frame.showsLogin = false
        case .visitor: break
        case .user(let user): viewer = user
        }
        if error.code == Refusal.takenDown.code {
            return frame.render(.gone, title: "Taken down", viewer: viewer, csrf: viewer?.csrf ?? "")
        }
        let heading = Self.heading(error)
        let values: [String: TemplateValue] = [
            "heading": .text(heading), "film": .optional(Self.film(request)), "sentence": .text(error.message),
            "request_id": error.status.code >= 500 ? .text(request.id) : .nothing,
        ]
        return frame.render(
            .error, title: heading, viewer: viewer, csrf: viewer?.csrf ?? "", values)
    }

    /// The page of the film that a clip was asked of.
    private static func film(_ request: Request) -> String? {
        guard request.path.hasPrefix("/videos/"), let slug = request.parameters["slug"].flatMap({ Slug($0) }),
            request.parameters["ending"] != nil
        else { return nil }
        return VideoPaths(slug).page + "#clip-tool"
    }

    private static func heading(_ error: HTTPError) -> String {
        guard error.code != PublishingError.Kind.tooManyCuts.rawValue else { return "One clip after the other" }
        return heading(error.status)
    }

    private static func heading(_ status: HTTPResponse.Status) -> String {
        switch status.code {
        case 400, 422: "That did not work"
        case 401: "Please log in"
        case 403: "Not allowed"
        case 404: "Not found"
        case 405: "Not possible here"
        case 409: "Somebody was faster"
        case 410: "Gone"
        case 413: "Too large"
        case 421: "Wrong address"
        case 429: "Too many attempts"
        case 503: "Back in a moment"
        case 507: "No room left"
        default: status.code >= 500 ? "Something went wrong" : "That did not work"
        }
    }

    private struct Problem: Encodable {
        let type: String
        let title: String
        let status: Int
        let code: String
        let detail: String
    }
}

import HTTPTypes
import HTTPWire
import WebServer

/// `GET /login`: the form; who is logged in already goes on.
struct ShowLogin: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let next = NextPath.safe(visit.request.query.first("next"))
        guard visit.viewer == nil else { return .redirect(to: next) }
        return try await LoginPage(site: site).answer(visit, name: "", next: next)
    }
}

/// The page with the form, fresh or with what was wrong.
struct LoginPage {
    let site: SiteContext

    func answer(
        _ visit: Visit, name: String, next: String, refusal: HTTPError? = nil
    ) async throws -> Response {
        let form = VisitorForm(site: site, template: .login, title: "Log in", place: .login)
        var response = try await form.answer(
            visit, status: refusal?.status ?? .ok,
            ["form": ["name": .text(name)], "next": .text(next), "problem": .optional(refusal?.message)])
        if let refusal { response.headers.append(contentsOf: refusal.headers) }
        return response
    }
}

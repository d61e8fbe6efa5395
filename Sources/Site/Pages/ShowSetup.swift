import Accounts
import HTTPTypes
import HTTPWire
import WebServer

/// `GET /setup?token=…`: the form for the first admin, behind the link that the server printed.
struct ShowSetup: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let token = visit.request.query.first("token") ?? ""
        guard try await site.accounts.isSetupTokenValid(token) else { throw AccountError.setupClosed }
        return try await SetupPage(site: site).answer(visit, token: token, name: "")
    }
}

/// The page with the form, fresh or with what was wrong.
struct SetupPage {
    let site: SiteContext

    func answer(
        _ visit: Visit, token: String, name: String, refusal: HTTPError? = nil
    ) async throws -> Response {
        let form = VisitorForm(site: site, template: .setup, title: "Welcome")
        return try await form.answer(
            visit, status: refusal?.status ?? .ok,
            ["token": .text(token), "form": ["name": .text(name)], "problem": .optional(refusal?.message)])
    }
}

import Accounts
import ByteCoding
import HTTPTypes
import HTTPWire
import WebServer

/// `POST /login`: begins a session. The cookie always carries a fresh token.
struct LogIn: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let next = NextPath.safe(visit.form.first("next"))
        let cookies = SessionCookie(visit.request)
        do {
            let session = try await site.accounts.logIn(
                name: visit.field("name"), password: visit.field("password"),
                client: "\(visit.request.client.address)", replacing: cookies.sessionToken(in: visit.request))
            var response = Response.redirect(to: next)
            response.set(cookies.session(session.token))
            return response
        } catch {
            guard let refusal = Refusal.answer(to: error) else { throw error }
            return try await LoginPage(site: site).answer(
                visit, name: visit.field("name"), next: next, refusal: refusal)
        }
    }
}

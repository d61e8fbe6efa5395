import Accounts
import ByteCoding
import HTTPWire
import WebServer

/// `POST /setup`: makes the first admin, uses the link up, and logs in.
struct SetUp: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let (token, name) = (visit.field("token"), visit.field("name"))
        let password = visit.field("password")
        do {
            let session = try await site.accounts.setUp(
                token: token, name: name, password: password, client: "\(visit.request.client.address)")
            var response = Response.redirect(to: "/upload")
            response.set(SessionCookie(visit.request).session(session.token))
            return response
        } catch {
            guard error != .setupClosed, let refusal = Refusal.answer(to: error) else { throw error }
            return try await SetupPage(site: site).answer(visit, token: token, name: name, refusal: refusal)
        }
    }
}

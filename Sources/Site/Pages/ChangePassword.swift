import Accounts
import ByteCoding
import HTTPTypes
import WebServer

/// `POST /account/password`: all sessions end, and this browser gets a fresh one.
struct ChangePassword: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        guard let viewer = visit.viewer else { throw Refusal.loginNeeded }
        do {
            let session = try await site.accounts.changeOwnPassword(
                viewer, current: visit.field("current"), new: visit.field("password"),
                client: "\(visit.request.client.address)")
            var response = Response.redirect(to: "/account?saved=1")
            response.set(SessionCookie(visit.request).session(session.token))
            return response
        } catch {
            guard let refusal = Refusal.answer(to: error), refusal.status.code < 500 else { throw error }
            return try await AccountPage(site: site).answer(visit, refusal: refusal)
        }
    }
}

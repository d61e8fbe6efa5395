import Accounts
import WebServer

/// `POST /logout`: ends the session, on every node at once.
struct LogOut: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let cookies = SessionCookie(visit.request)
        if let token = cookies.sessionToken(in: visit.request) {
            try await site.accounts.logOut(sessionToken: token)
        }
        var response = Response.redirect(to: "/")
        response.set(cookies.end)
        return response
    }
}

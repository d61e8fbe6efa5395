import Accounts
import ByteCoding
import HTTPTypes
import WebServer

/// `POST /api/v1/sessions`: a bearer token for a name and a password.
struct OpenSession: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        var body = try await JSONBody(visit.request)
        let name = try body.text("username")
        let password = try body.text("password")
        try body.finish()
        guard let name, let password else {
            throw HTTPError.badRequest("Send username and password.", code: "bad_json")
        }
        let token = try await site.accounts.logInForToken(
            name: name, password: password, client: "\(visit.request.client.address)")
        var response = Response.json(JSONText.encode(["token": token.token]))
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

import Accounts
import ByteCoding
import Catalog
import HTTPTypes
import WebServer

/// `POST /admin/users`: adds a user, after asking the admin's own password.
struct AddUser: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        guard let viewer = visit.viewer, let role = Role(rawValue: visit.field("role")) else {
            throw HTTPError.badRequest("There is no such role.", code: "invalid_role")
        }
        do {
            try await site.accounts.confirmPassword(
                viewer, password: visit.field("own_password"), client: "\(visit.request.client.address)")
            _ = try await site.accounts.createUser(
                name: visit.field("name"), password: visit.field("password"), role: role)
        } catch {
            guard let refusal = OwnPassword.refusal(error) else { throw error }
            return try await UsersPage(site: site).answer(
                visit, name: visit.field("name"), role: role, refusal: refusal)
        }
        return .redirect(to: "/admin/users?saved=added")
    }
}

/// What a wrong password of one's own comes to: a sentence on the page, not the end of the session.
enum OwnPassword {
    /// The refusal to show on the form; nil for what is no account error.
    static func refusal(_ error: any Error) -> HTTPError? {
        guard let error = error as? AccountError, var refusal = Refusal.answer(to: error) else { return nil }
        if error == .wrongCredentials {
            refusal.status = .forbidden
            refusal.message = "Your own password was wrong. Nothing was changed."
        }
        return refusal
    }
}

import Accounts
import ByteCoding
import Catalog
import WebServer

/// `POST /admin/users/{name}`: changes role, lock and password, after asking the admin's own password. Changes count at
/// once: the user's sessions end.
struct ChangeUser: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let user = try await site.accounts.user(named: visit.request.parameters["name"] ?? "")
        guard let viewer = visit.viewer, let role = Role(rawValue: visit.field("role")) else {
            throw HTTPError.badRequest("There is no such role.", code: "invalid_role")
        }
        let isDisabled = !visit.field("disabled").isEmpty
        do {
            try await site.accounts.confirmPassword(
                viewer, password: visit.field("own_password"), client: "\(visit.request.client.address)")
            try await change(user, role: role, isDisabled: isDisabled, password: visit.field("password"))
        } catch {
            guard let refusal = OwnPassword.refusal(error) else { throw error }
            return try await UserPage(site: site, user: user).answer(
                visit, role: role, isDisabled: isDisabled, refusal: refusal)
        }
        return .redirect(to: "/admin/users?saved=changed")
    }

    /// The password first: it is what may be refused.
    private func change(_ user: User, role: Role, isDisabled: Bool, password: String) async throws {
        if !password.isEmpty { try await site.accounts.changePassword(of: user.id, to: password) }
        if role != user.role { _ = try await site.accounts.changeRole(of: user.id, to: role) }
        if isDisabled != user.isDisabled { _ = try await site.accounts.setDisabled(isDisabled, user: user.id) }
    }
}

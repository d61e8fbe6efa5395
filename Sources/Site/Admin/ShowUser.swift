import Accounts
import Catalog
import HTTPTypes
import WebServer

/// `GET /admin/users/{name}`: role, lock and password of one user.
struct ShowUser: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let user = try await site.accounts.user(named: visit.request.parameters["name"] ?? "")
        return try await UserPage(site: site, user: user).answer(visit, role: user.role, isDisabled: user.isDisabled)
    }
}

/// The page with the form, fresh or with what was wrong.
struct UserPage {
    let site: SiteContext
    let user: User

    func answer(
        _ visit: Visit, role: Role, isDisabled: Bool, refusal: HTTPError? = nil
    ) async throws -> Response {
        try await AdminPage(site: site, tab: .users).answer(
            .adminUser, title: user.name, visit, refusal: refusal,
            [
                "user": ["name": .text(user.name), "is_disabled": .flag(isDisabled)],
                "roles": RoleWords.choices(selected: role), "action": .text(UsersPage.path(user.name)),
            ])
    }
}

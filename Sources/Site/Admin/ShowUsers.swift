import Accounts
import ByteCoding
import Catalog
import HTTPTypes
import HTTPWire
import WebServer

/// `GET /admin/users`: all users, and a form for another one.
struct ShowUsers: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let notice =
            switch visit.request.query.first("saved") {
            case "added": "The user is added."
            case "changed": "The user is changed."
            default: String?.none
            }
        return try await UsersPage(site: site).answer(visit, notice: notice)
    }
}

/// The page with list and form, fresh or with what was wrong.
struct UsersPage {
    let site: SiteContext

    func answer(
        _ visit: Visit, name: String = "", role: Role = .publisher, notice: String? = nil, refusal: HTTPError? = nil
    ) async throws -> Response {
        let users = try await site.accounts.users()
        return try await AdminPage(site: site, tab: .users).answer(
            .adminUsers, title: "Users", visit, notice: notice, refusal: refusal,
            [
                "users": .list(users.map(Self.line)), "roles": RoleWords.choices(selected: role),
                "form": ["name": .text(name)],
            ])
    }

    private static func line(_ user: User) -> TemplateValue {
        [
            "name": .text(user.name), "href": .text(path(user.name)), "role": .text(user.role.rawValue),
            "since": .text(user.createdAt.day), "is_disabled": .flag(user.isDisabled),
            "state": user.isDisabled ? "locked out" : "active",
        ]
    }

    /// The page of one user.
    static func path(_ name: String) -> String { "/admin/users/" + PercentEncoding.encode(name) }
}

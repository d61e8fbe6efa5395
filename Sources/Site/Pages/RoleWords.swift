import Catalog

/// Roles in words.
enum RoleWords {
    /// For "You are … here".
    static func article(_ role: Role) -> String {
        switch role {
        case .viewer: "a viewer"
        case .publisher: "a publisher"
        case .admin: "an admin"
        }
    }

    /// For choosing one.
    static func explained(_ role: Role) -> String {
        switch role {
        case .viewer: "Viewer: logs in and watches"
        case .publisher: "Publisher: uploads videos"
        case .admin: "Admin: everything"
        }
    }

    /// The choices of a form, one of them taken.
    static func choices(selected: Role) -> TemplateValue {
        .list(
            Role.allCases.map { role in
                [
                    "value": .text(role.rawValue), "words": .text(explained(role)), "selected": .flag(role == selected),
                ]
            })
    }
}

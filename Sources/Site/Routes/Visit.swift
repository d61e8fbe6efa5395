import Accounts
import Catalog
import HTTPWire
import WebServer

/// One request to which access was granted, with who makes it and what was sent in a form.
struct Visit: Sendable {
    /// The request itself.
    let request: Request
    /// Who makes it; nil for visitors.
    let viewer: Viewer?
    /// What goes into the `csrf` field of forms on the answer.
    var csrf: String
    /// The fields of a posted form; empty otherwise.
    var form: FormFields

    /// The value of a form field, empty when it was not sent.
    func field(_ name: String) -> String { form.first(name) ?? "" }

    /// The user, on routes that only users reach.
    func user() throws -> User {
        guard let viewer else { throw Refusal.loginNeeded }
        return viewer.user
    }

    /// The slug in the path.
    func slug() throws -> Slug {
        guard let slug = request.parameters["slug"].flatMap({ Slug($0) }) else { throw HTTPError.notFound }
        return slug
    }

    /// Whether the viewer may change this video: its owner, if still allowed to publish, and admins.
    func mayManage(_ video: Video) -> Bool {
        guard let user = viewer?.user else { return false }
        return user.role == .admin || (user.role == .publisher && user.id == video.ownerID)
    }
}

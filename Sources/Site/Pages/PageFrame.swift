import Accounts
import Catalog
import HTTPTypes
import WebServer

/// What all pages share: the site's name, the assets, who is there, and which part of the site this is.
struct PageFrame: Sendable {
    /// The parts that the head of the page marks.
    enum Place: String, CaseIterable { case library, upload, admin, login, account, elsewhere }

    let site: SiteContext
    let settings: SiteSettings
    /// Whether visitors are offered to log in; not on errors made before anyone looked who it is.
    var showsLogin = true

    /// The page as bytes.
    func render(
        _ template: TemplateName, title: String, at place: Place = .elsewhere, viewer: Viewer?, csrf: String,
        _ values: [String: TemplateValue] = [:]
    ) -> [UInt8] {
        site.templates.render(template, .object(all(title, place, viewer, csrf, values)))
    }

    /// The page as an answer to a visit. Visitors get a form token when the page has a form for them.
    func page(
        _ template: TemplateName, title: String, at place: Place = .elsewhere, for visit: Visit,
        status: HTTPResponse.Status = .ok, _ values: [String: TemplateValue] = [:]
    ) -> Response {
        let bytes = render(template, title: title, at: place, viewer: visit.viewer, csrf: visit.csrf, values)
        return .bytes(bytes, contentType: "text/html; charset=utf-8", status: status)
    }

    private func all(
        _ title: String, _ place: Place, _ viewer: Viewer?, _ csrf: String, _ values: [String: TemplateValue]
    ) -> [String: TemplateValue] {
        var all = values
        all["title"] = .text(title)
        all["site_name"] = .text(settings.siteName)
        all["asset"] = site.assetPaths
        all["csrf"] = .text(csrf)
        all["at"] = .object(Dictionary(uniqueKeysWithValues: Place.allCases.map { ($0.rawValue, .flag($0 == place)) }))
        all["viewer"] = viewer.map(Self.values) ?? .nothing
        all["shows_login"] = .flag(viewer == nil && showsLogin)
        return all
    }

    private static func values(_ viewer: Viewer) -> TemplateValue {
        [
            "name": .text(viewer.user.name), "may_publish": .flag(viewer.has(.publisher)),
            "is_admin": .flag(viewer.has(.admin)), "role": .text(RoleWords.article(viewer.user.role)),
        ]
    }
}

import HTTPTypes
import WebServer

/// A page with a form for people who are not logged in: gives them a form token with the page, in a cookie.
struct VisitorForm {
    let site: SiteContext
    let template: TemplateName
    let title: String
    var place = PageFrame.Place.elsewhere

    /// The page; a token the browser has already is kept, so that two open forms both work.
    func answer(
        _ visit: Visit, status: HTTPResponse.Status = .ok, _ values: [String: TemplateValue]
    ) async throws -> Response {
        var visit = visit
        let cookies = SessionCookie(visit.request)
        var fresh: String?
        if visit.viewer == nil, cookies.visitorToken(in: visit.request) == nil {
            let token = SessionCookie.freshVisitorToken()
            visit.csrf = token
            fresh = token
        }
        let settings = try await site.settings.current()
        var response = PageFrame(site: site, settings: settings)
            .page(template, title: title, at: place, for: visit, status: status, values)
        if let fresh { response.set(cookies.visitor(fresh)) }
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

import HTTPTypes
import WebServer

/// What all admin pages share: the tabs, and a word about plain http on those where passwords and settings are typed.
struct AdminPage {
    /// The tabs.
    enum Tab: String, CaseIterable { case dashboard, torrents, announces, trackers, connectivity, settings, users }

    let site: SiteContext
    let tab: Tab

    /// The page as an answer. A refusal shows its sentence and gives the status.
    func answer(
        _ template: TemplateName, title: String, _ visit: Visit, notice: String? = nil, refusal: HTTPError? = nil,
        _ values: [String: TemplateValue]
    ) async throws -> Response {
        var values = values
        values["tab"] = .object(Dictionary(uniqueKeysWithValues: Tab.allCases.map { ($0.rawValue, .flag($0 == tab)) }))
        values["plain_http"] = .flag(!visit.request.isSecure && [.dashboard, .settings, .users].contains(tab))
        values["notice"] = .optional(notice)
        values["problem"] = .optional(refusal?.message)
        let settings = try await site.settings.current()
        var response = PageFrame(site: site, settings: settings).page(
            template, title: title, at: .admin, for: visit, status: refusal?.status ?? .ok, values)
        if let refusal { response.headers.append(contentsOf: refusal.headers) }
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

import WebServer

/// `GET /api/v1/settings`.
struct ReadSettings: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        .json(JSONText.encode(SettingsJSON(try await site.settings.current())))
    }
}

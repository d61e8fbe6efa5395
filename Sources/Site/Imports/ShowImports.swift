import WebServer

/// `GET /imports`: how one's imports stand, and the form for another.
struct ShowImports: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        try await ImportsPage(site: site).answer(visit)
    }
}

import WebServer

/// `GET /admin/connectivity`: what shows that this server is reached, and a button that tries it.
struct ShowConnectivity: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        try await ConnectivityPage(site: site).answer(visit, checks: nil)
    }
}

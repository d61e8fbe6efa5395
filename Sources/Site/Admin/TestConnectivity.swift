import WebServer

/// `POST /admin/connectivity`: tries now and shows what came of it. Nothing is stored.
struct TestConnectivity: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let page = ConnectivityPage(site: site)
        guard let subject = try await page.subject(visit) else { return try await page.answer(visit, checks: nil) }
        let checks = await site.desk.testConnectivity(subject.hash, links: subject.links)
        return try await page.answer(visit, checks: checks)
    }
}

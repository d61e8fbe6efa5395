import WebServer

/// `GET /api/v1/clips/{id}`.
struct ReadClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let found = try await site.numberedClip(visit)
        return ClipAnswer(site: site, request: visit.request).one(found.clip, found.video)
    }
}

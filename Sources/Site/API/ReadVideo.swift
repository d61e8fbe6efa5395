import WebServer

/// `GET /api/v1/videos/{id}`.
struct ReadVideo: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        try await VideoAnswer(site: site).one(try await site.numberedVideo(visit), visit.request)
    }
}

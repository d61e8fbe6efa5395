import HTTPTypes
import WebServer

/// `GET /readyz`: 200 when pages can be answered, else 503 with what stands in the way.
struct ShowReadiness: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let obstacles = await site.probes.obstacles()
        guard !obstacles.isEmpty else { return .text("ready\n") }
        var response = Response.text(obstacles.joined(separator: "\n") + "\n", status: .serviceUnavailable)
        response.headers[.retryAfter] = "5"
        return response
    }
}

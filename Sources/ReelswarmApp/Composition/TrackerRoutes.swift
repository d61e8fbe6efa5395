import ByteCoding
import HTTPTypes
import TrackerServer
import WebServer

extension Router {
    /// Puts announce and scrape on a router; they are answered on the event loop, from memory. Clients that were given a
    /// passkey have it in the path, on either side.
    mutating func addTracker(_ tracker: Tracker) {
        let endpoint = HTTPTrackerEndpoint(tracker: tracker)
        direct(.get, "/announce") { request in
            .bencoded(
                endpoint.announce(
                    query: request.rawQuery, client: request.client, localAddress: request.localAddress.address))
        }
        direct(.get, "/scrape") { request in
            .bencoded(endpoint.scrape(query: request.rawQuery, client: request.client))
        }
        for path in ["/announce/{passkey}", "/{passkey}/announce"] {
            direct(.get, path) { request in
                .bencoded(
                    endpoint.announce(
                        query: request.rawQuery, client: request.client, localAddress: request.localAddress.address,
                        path: Array(request.rawPath.utf8)))
            }
        }
        for path in ["/scrape/{passkey}", "/{passkey}/scrape"] {
            direct(.get, path) { request in
                .bencoded(
                    endpoint.scrape(
                        query: request.rawQuery, client: request.client, path: Array(request.rawPath.utf8)))
            }
        }
    }
}

extension Response {
    /// A tracker's answer: 200 always, since clients read the failure from the body.
    fileprivate static func bencoded(_ bytes: [UInt8]) -> Response {
        var response = Response(status: .ok, headers: [.contentType: "text/plain"], body: .bytes(bytes))
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }
}

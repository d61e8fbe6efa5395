import Foundation
import HTTPTypes
import WebServer

extension Router {
    /// Puts the pages of a tracker that runs alone on a router.
    mutating func addTrackPages(_ desk: StatisticsDesk, metricsText: @escaping @Sendable () -> String) {
        direct(.get, "/") { _ in .redirect(to: "/stats") }
        direct(.get, "/healthz") { _ in .text("ok\n") }
        on(.get, "/metrics") { _ in .bytes(Array(metricsText().utf8), contentType: "text/plain; version=0.0.4") }
        on(.get, "/stats") { _ in
            var response = Response.html(TrackPage.html(desk.statistics(), history: desk.history))
            response.headers[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'"
            return response.unkept
        }
        on(.get, "/stats.json") { _ in
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Response.json(Array(try encoder.encode(desk.statistics()))).unkept
        }
    }
}

extension Response {
    /// The answer with the word that nobody shall keep it.
    fileprivate var unkept: Response {
        var response = self
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }
}

import WebServer

/// What crawlers are asked to leave alone: files that are cut when they are asked for, and pages that differ by their
/// times alone.
enum Robots {
    /// `GET /robots.txt` (RFC 9309).
    static func answer(_ request: Request) -> Response {
        .bytes(
            Array("User-agent: *\nDisallow: /videos/*/clip.\nDisallow: /videos/*/clip?\nDisallow: /*?start=\n".utf8),
            contentType: "text/plain; charset=utf-8")
    }
}

import HTTPTypes
import WebServer

/// Whether a state-changing request comes from a page of this site, by what the browser says of it.
///
/// Clients that are no browsers send neither header; for them the form token decides alone.
enum FormOrigin {
    /// Compares `Origin` by host and port, since a proxy may have taken TLS off, and looks at `Sec-Fetch-Site`.
    static func isOurs(_ request: Request, publicURL: PublicURL?) -> Bool {
        if let site = request.headers[HTTPField.Name.secFetchSite], site != "same-origin", site != "none" {
            return false
        }
        guard let origin = request.headers[.origin] else { return true }
        guard let url = PublicURL(origin) else { return false }
        return url.authority == request.host || url.authority == publicURL?.authority
            || url.withoutDefaultPort == request.host
    }
}

extension HTTPField.Name {
    /// What a browser says of the page that sends a request (Fetch Metadata).
    static var secFetchSite: HTTPField.Name { HTTPField.Name("Sec-Fetch-Site") ?? .referer }
}

extension PublicURL {
    /// Host and port, without the port that the scheme has anyway.
    fileprivate var withoutDefaultPort: String {
        (scheme == "https" && port == 443) || (scheme == "http" && port == 80) ? host : authority
    }
}

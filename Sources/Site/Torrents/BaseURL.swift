import WebServer

/// The origin that absolute URLs of one answer begin with: the public URL, or what the client called us.
struct BaseURL: Sendable, Hashable {
    /// `https://films.example`, without a slash at its end.
    let origin: String
    /// The host alone, an IPv6 address in brackets.
    let host: String
    /// Where our tracker answers over HTTP.
    let httpAnnounce: String
    /// Where our tracker answers over UDP (BEP 15).
    let udpAnnounce: String

    /// Over TLS the announce goes to the web address, since a proxy holds the certificate; else straight to the
    /// tracker's port.
    init(_ request: Request, addresses: PublicAddresses) {
        if let url = addresses.publicURL {
            origin = url.origin
            host = url.host
            httpAnnounce = url.origin + "/announce"
        } else {
            origin = (request.isSecure ? "https://" : "http://") + request.host
            host = request.hostName
            httpAnnounce =
                request.isSecure
                ? origin + "/announce" : "http://\(request.hostName):\(addresses.trackerPort)/announce"
        }
        udpAnnounce = "udp://\(host):\(addresses.trackerPort)/announce"
    }
}

import ByteCoding
import HTTPWire

/// From where a request came and whom it asked for, after trusted proxies had their say.
struct RequestOrigin: Sendable {
    var client: Endpoint
    var localAddress: Endpoint
    var authority: Authority
    var isSecure: Bool
}

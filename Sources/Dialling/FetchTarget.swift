public import ByteCoding

/// What is fetched, with what is needed to judge whether it may be.
public struct FetchTarget: Hashable, Sendable {
    /// The URL.
    public let url: ServerURL
    /// The class of the address at which the one who named the URL was reached.
    public let scope: AddressScope
    /// Whether a server redirected here, to which harder rules apply.
    let isRedirected: Bool

    init(url: ServerURL, scope: AddressScope, isRedirected: Bool) {
        self.url = url
        self.scope = scope
        self.isRedirected = isRedirected
    }

    /// A URL of HTTP or HTTPS; nil for anything else.
    public init?(_ url: String, namedFrom scope: AddressScope) {
        guard let url = ServerURL(url) else { return nil }
        self.init(url: url, scope: scope, isRedirected: false)
    }
}

public import ByteCoding
public import Logging

/// How one HTTP server is set up.
public struct HTTPServerConfiguration: Sendable {
    /// The addresses to listen on; each is a socket of its own, IPv6 ones without IPv4.
    public var hosts: [String]
    /// The port; 0 picks a free one, the same for all hosts.
    public var port: Int
    /// What one client may take.
    public var limits: ServerLimits
    /// Proxies whose X-Forwarded-For, -Proto and -Host count.
    public var trustedProxies: [CIDR]
    /// Which hosts a request may name.
    public var allowedHosts: HostPolicy
    /// Paths that answer whatever host is named: load balancers ask for them by address.
    public var anyHostPaths: Set<String> = []
    /// What logs and metrics call this server, such as `web` or `tracker`.
    public var serverName: String
    /// At which level requests are logged; answers of 500 and above are logged at `info` at least.
    public var accessLogLevel: Logger.Level

    /// A server of these settings.
    public init(
        hosts: [String] = ["0.0.0.0", "::"], port: Int = 8080, limits: ServerLimits = ServerLimits(),
        trustedProxies: [CIDR] = [], allowedHosts: HostPolicy = .any, serverName: String = "web",
        accessLogLevel: Logger.Level = .debug
    ) {
        self.hosts = hosts
        self.port = port
        self.limits = limits
        self.trustedProxies = trustedProxies
        self.allowedHosts = allowedHosts
        self.serverName = serverName
        self.accessLogLevel = accessLogLevel
    }
}

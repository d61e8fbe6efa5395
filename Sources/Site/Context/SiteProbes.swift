/// What an operator's tools ask: is it ready, and how is it doing.
public struct SiteProbes: Sendable {
    /// What keeps the server from answering pages now, as sentences; empty when it is ready.
    public var obstacles: @Sendable () async -> [String]
    /// All metrics in Prometheus' text format.
    public var metricsText: @Sendable () -> String
    /// Name and version of the program, for the foot of admin pages.
    public var version: String

    /// The probes of a running server.
    public init(
        version: String, obstacles: @escaping @Sendable () async -> [String],
        metricsText: @escaping @Sendable () -> String
    ) {
        self.version = version
        self.obstacles = obstacles
        self.metricsText = metricsText
    }
}

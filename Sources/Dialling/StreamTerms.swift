/// What holds for a fetch whose body is read as it comes.
public struct StreamTerms: Sendable {
    /// How long it may take until the head of the answer is there, the connection included.
    public var headTimeout: Duration
    /// How long the server may be silent within the body.
    public var silence: Duration
    /// Whether a URL with a query is refused where its host is in a private network or this machine: there a GET could
    /// do something.
    public var refusesQueriesInside: Bool

    /// Terms; without arguments 30 seconds each, and no queries inside.
    public init(
        headTimeout: Duration = .seconds(30), silence: Duration = .seconds(30), refusesQueriesInside: Bool = true
    ) {
        self.headTimeout = headTimeout
        self.silence = silence
        self.refusesQueriesInside = refusesQueriesInside
    }
}

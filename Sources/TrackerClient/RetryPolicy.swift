/// How long a tracker is waited for.
public struct RetryPolicy: Hashable, Sendable {
    /// Over UDP, how long the first datagram is waited on; each further one twice as long (BEP 15).
    public var firstWait: Duration
    /// Over UDP, how many datagrams are sent before giving up, 1...9 (BEP 15 has 9, which takes two hours).
    public var attempts: Int
    /// How long an exchange over HTTP may take.
    public var fetchTimeout: Duration

    /// A policy; without arguments 15, 30 and 60 seconds over UDP, 30 seconds over HTTP.
    public init(firstWait: Duration = .seconds(15), attempts: Int = 3, fetchTimeout: Duration = .seconds(30)) {
        self.firstWait = max(firstWait, .milliseconds(1))
        self.attempts = min(max(attempts, 1), 9)
        self.fetchTimeout = max(fetchTimeout, .milliseconds(1))
    }

    /// How long datagram `number`, counted from 0, is waited on.
    func wait(_ number: Int) -> Duration { firstWait * (1 << min(max(number, 0), 8)) }
}

/// How often trackers are asked, within what they say themselves.
public struct AnnounceTiming: Hashable, Sendable {
    /// The least time between two announces of a torrent, whatever the tracker says.
    public var shortestInterval: Duration
    /// The longest; a tracker that asks for more is asked this often.
    public var longestInterval: Duration
    /// How long a tracker is left alone after its first failure; twice as long after each further one.
    public var firstBackOff: Duration
    /// The longest it is left alone.
    public var longestBackOff: Duration

    /// Timing; without arguments intervals of 1 minute to 1 day, and a back-off of 15 seconds to 30 minutes.
    public init(
        shortestInterval: Duration = .seconds(60), longestInterval: Duration = .seconds(86_400),
        firstBackOff: Duration = .seconds(15), longestBackOff: Duration = .seconds(1_800)
    ) {
        self.shortestInterval = shortestInterval
        self.longestInterval = max(longestInterval, shortestInterval)
        self.firstBackOff = firstBackOff
        self.longestBackOff = max(longestBackOff, firstBackOff)
    }

    /// The time until the next announce, from what a tracker answered in seconds.
    public func interval(_ interval: UInt32, minimum: UInt32?) -> Duration {
        min(max(.seconds(Int64(max(interval, minimum ?? 0))), shortestInterval), longestInterval)
    }

    /// The time to leave a tracker alone after so many failures in a row, up to a quarter shorter or longer by chance,
    /// so that many torrents do not come back at once.
    public func backOff(failures: Int, using random: inout some RandomNumberGenerator) -> Duration {
        let doublings = min(max(failures - 1, 0), 20)
        let time = min(firstBackOff * (1 << doublings), longestBackOff)
        return time * Double.random(in: 0.75...1.25, using: &random)
    }
}

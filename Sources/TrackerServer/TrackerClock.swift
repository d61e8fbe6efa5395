/// The tracker's sense of time: whole seconds that never run backwards.
public struct TrackerClock: Sendable {
    /// Seconds since some moment before the tracker was made.
    public let seconds: @Sendable () -> UInt32

    /// A clock of one's own, for tests.
    public init(seconds: @escaping @Sendable () -> UInt32) { self.seconds = seconds }

    /// The machine's monotonic clock.
    public static func monotonic() -> TrackerClock {
        let start = ContinuousClock.now
        // Not from zero, so that a time in the past is still a time.
        return TrackerClock { UInt32(truncatingIfNeeded: 1_000_000 + start.duration(to: .now).components.seconds) }
    }
}

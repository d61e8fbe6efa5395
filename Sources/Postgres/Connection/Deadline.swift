/// A point on the monotonic clock after which waiting ends; nil waits for ever.
struct Deadline {
    private let instant: ContinuousClock.Instant?

    static let never = Deadline(instant: nil)

    init(after duration: Duration?) { self.init(instant: duration.map { ContinuousClock.now + $0 }) }

    private init(instant: ContinuousClock.Instant?) { self.instant = instant }

    var hasPassed: Bool { instant.map { $0 <= .now } ?? false }

    /// What is left, in the milliseconds that `poll` takes; -1 waits for ever.
    var pollMilliseconds: Int32 {
        guard let instant else { return -1 }
        let left = ContinuousClock.now.duration(to: instant).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
        return Int32(
            clamping: left.seconds.multipliedReportingOverflow(by: 1000).partialValue
                + left.attoseconds / 1_000_000_000_000_000 + 1)
    }
}

extension Duration {
    /// Whole milliseconds, at least 1.
    var milliseconds: Int64 {
        max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}

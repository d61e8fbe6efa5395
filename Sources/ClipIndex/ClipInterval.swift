/// A part of a film by its times, in microseconds since the film's start; at least a millisecond long.
public struct ClipInterval: Sendable, Hashable {
    /// The first moment; never negative.
    public let start: Int64
    /// The moment after the last one; at least 1,000 after `start`, at most 10^15.
    public let end: Int64

    /// The first moment in seconds.
    public var startSeconds: Double { Double(start) / 1e6 }
    /// The moment after the last one in seconds.
    public var endSeconds: Double { Double(end) / 1e6 }

    /// An interval from seconds. Nil for what is none: not finite, negative, over 10^9, or less than a millisecond.
    public init?(start: Double, end: Double) {
        // Comparisons with what is no number are false.
        guard start >= 0, end <= 1e9, end - start >= 0.000_999_9 else { return nil }
        let first = Int64(start * 1e6 + 0.5)
        let last = Int64(end * 1e6 + 0.5)
        self.init(microseconds: first..<max(first + 1000, last))
    }

    /// An interval from microseconds; nil under the same rules.
    public init?(microseconds: Range<Int64>) {
        guard microseconds.lowerBound >= 0, microseconds.upperBound <= 1_000_000_000_001_000,
            microseconds.upperBound - microseconds.lowerBound >= 1000
        else { return nil }
        start = microseconds.lowerBound
        end = microseconds.upperBound
    }

    /// The interval up to `moment`, for a film that is over then; empty rather than turned around.
    init(_ interval: ClipInterval, until moment: Int64) {
        start = interval.start
        end = max(interval.start, min(interval.end, moment))
    }
}

/// From when to when a clip goes, in seconds from its film's beginning. Any two numbers: whether they are an interval
/// of the film is checked where it is used.
public struct ClipTimes: Hashable, Sendable {
    /// The first moment.
    public let start: Double
    /// The moment after the last one.
    public let end: Double

    /// Makes times from their parts.
    public init(start: Double, end: Double) {
        self.start = start
        self.end = end
    }

    /// Seconds from start to end.
    public var length: Double { end - start }
}

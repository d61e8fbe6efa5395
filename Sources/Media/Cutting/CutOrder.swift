/// What a worker is to cut, as it travels in its argument vector.
public struct CutOrder: Equatable, Sendable {
    /// Microseconds from the film's beginning.
    public let start: Int64
    /// Microseconds from the film's beginning, after `start`.
    public let end: Int64
    /// What is written; as the source is when nil.
    public let format: CutFormat?
    /// The most bytes that may be written.
    public let byteLimit: UInt64

    /// The last second that can be asked for: 30 years.
    public static let latest = 1_000_000_000.0
    private static let latestMicroseconds: Int64 = 1_000_000_000_000_000
    private static let largest: UInt64 = 1 << 50

    /// An order for [start, end) in seconds; nil for no such interval, and for numbers that are none.
    public init?(start: Double, end: Double, format: CutFormat?, byteLimit: UInt64) {
        guard start.isFinite, !end.isNaN, start >= 0, start <= Self.latest, end > start else { return nil }
        self.start = Int64((start * 1_000_000).rounded())
        self.end = max(self.start + 1, Int64((min(end, Self.latest + 1) * 1_000_000).rounded()))
        self.format = format
        self.byteLimit = min(byteLimit, Self.largest)
    }

    /// The order as text.
    var argument: String { "\(start)-\(end)-\(format?.description ?? "source")-\(byteLimit)" }

    /// The order that `argument` names; nil when it names none.
    init?(argument: Substring) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, let start = Int64(parts[0]), let end = Int64(parts[1]), let limit = UInt64(parts[3]),
            start >= 0, start < end, end <= 2 * Self.latestMicroseconds, limit <= Self.largest
        else { return nil }
        if parts[2] == "source" {
            format = nil
        } else {
            guard let named = CutFormat(String(parts[2])) else { return nil }
            format = named
        }
        (self.start, self.end, byteLimit) = (start, end, limit)
    }
}

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
    /// Whether packets are copied or made anew.
    public let mode: CutMode
    /// Whether standard output is a file or a pipe.
    public let output: CutOutput
    /// What an index knows of the film.
    public let guide: CutGuide?

    /// Whether the source holds only what an index named, so that nothing may be looked for elsewhere.
    public var isGuided: Bool { guide.map { $0.splice != nil || !$0.ranges.isEmpty } ?? false }

    /// The last second that can be asked for: 30 years.
    public static let latest = 1_000_000_000.0
    private static let latestMicroseconds: Int64 = 1_000_000_000_000_000
    private static let largest: UInt64 = 1 << 50

    /// An order for [start, end) in seconds; nil for no such interval, and for numbers that are none.
    public init?(
        start: Double, end: Double, format: CutFormat?, byteLimit: UInt64, mode: CutMode = .copy,
        output: CutOutput = .file, guide: CutGuide? = nil
    ) {
        guard start.isFinite, !end.isNaN, start >= 0, start <= Self.latest, end > start else { return nil }
        self.start = Int64((start * 1_000_000).rounded())
        self.end = max(self.start + 1, Int64((min(end, Self.latest + 1) * 1_000_000).rounded()))
        self.format = format
        self.byteLimit = min(byteLimit, Self.largest)
        (self.mode, self.output, self.guide) = (mode, output, guide)
    }

    /// The order that does what `request` asks for; nil for no such interval.
    init?(_ request: CutRequest, output: CutOutput, byteLimit: UInt64) {
        self.init(
            start: request.start, end: request.end, format: request.format, byteLimit: byteLimit, mode: request.mode,
            output: output, guide: request.guide)
    }

    /// The order as text.
    var argument: String {
        [
            "\(start)", "\(end)", format?.description ?? "source", "\(byteLimit)", mode.rawValue, output.rawValue,
            guide?.argument ?? "none",
        ].joined(separator: ",")
    }

    /// The order that `argument` names; nil when it names none.
    init?(argument: Substring) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 7, let start = Int64(parts[0]), let end = Int64(parts[1]), let limit = UInt64(parts[3]),
            start >= 0, start < end, end <= 2 * Self.latestMicroseconds, limit <= Self.largest,
            let mode = CutMode(rawValue: String(parts[4])), let output = CutOutput(rawValue: String(parts[5]))
        else { return nil }
        let format = CutFormat(String(parts[2]))
        let guide = CutGuide(argument: parts[6])
        guard format != nil || parts[2] == "source", guide != nil || parts[6] == "none" else { return nil }
        (self.start, self.end, self.format, byteLimit) = (start, end, format, limit)
        (self.mode, self.output, self.guide) = (mode, output, guide)
    }
}

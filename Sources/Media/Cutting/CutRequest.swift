/// What is to be cut out of a film, and how.
public struct CutRequest: Sendable, Hashable {
    /// Seconds from the film's beginning.
    public var start: Double
    /// Seconds from the film's beginning, after `start`; behind the film's end it is that end.
    public var end: Double
    /// Whether packets are copied or made anew.
    public var mode: CutMode
    /// What is written; as the ending of the output's name says, or as the film is, when nil.
    public var format: CutFormat?
    /// The most bytes to write; twice the film and 64 MiB when nil.
    public var byteLimit: UInt64?
    /// What an index knows of the film.
    public var guide: CutGuide?

    /// A request by its parts.
    public init(
        start: Double, end: Double, mode: CutMode = .copy, format: CutFormat? = nil, byteLimit: UInt64? = nil,
        guide: CutGuide? = nil
    ) {
        self.start = start
        self.end = end
        self.mode = mode
        self.format = format
        self.byteLimit = byteLimit
        self.guide = guide
    }
}

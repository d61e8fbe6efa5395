public import Media

/// A part of a film by its times, as `Space.get(_:clip:to:)` brings it out of the swarm.
public struct ClipRequest: Sendable, Hashable {
    /// Seconds from the film's beginning.
    public var start: Double
    /// Seconds from the film's beginning, after `start`; a moment behind the film's end is that end.
    public var end: Double
    /// The film's path in the torrent, such as `season 1/two.mkv`, or its name alone where no other has it; the largest
    /// film when nil.
    public var file: String?
    /// Whether pictures and sound are copied, from the key frame before `start` on, or encoded anew to begin and end
    /// exactly there.
    public var mode: CutMode

    /// An end behind that of every film.
    public static let filmEnd = 999_999_999.0

    /// A clip by its parts.
    public init(start: Double, end: Double, file: String? = nil, mode: CutMode = .copy) {
        self.start = start
        self.end = end
        self.file = file
        self.mode = mode
    }
}

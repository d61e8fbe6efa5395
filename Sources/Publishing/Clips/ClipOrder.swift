public import Catalog

/// A clip that someone asks for.
public struct ClipOrder: Hashable, Sendable {
    /// From when to when; checked against the film when it is cut.
    public let times: ClipTimes
    /// What it is to be written as.
    public let format: ClipFormat
    /// How it is to be cut.
    public let mode: ClipMode

    /// Makes an order from its parts.
    public init(times: ClipTimes, format: ClipFormat, mode: ClipMode) {
        self.times = times
        self.format = format
        self.mode = mode
    }
}

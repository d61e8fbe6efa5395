/// How a clip is made.
public enum CutMode: String, Sendable, Hashable, CaseIterable {
    /// Packets are copied as they are, from the key frame at or before the start on: fast, nothing is lost.
    case copy
    /// Pictures and sounds are decoded and encoded anew, so that the clip begins and ends exactly as asked.
    case exact

    /// The longest clip that is made anew, in microseconds.
    public static let longestExact: Int64 = 600_000_000
}

/// Where a clip is written.
public enum CutOutput: String, Sendable, Hashable, CaseIterable {
    /// A file, at any offset.
    case file
    /// A pipe: only containers that are written from front to back.
    case stream
}

/// A pattern taken apart into its segments.
struct RoutePattern: Sendable, Equatable {
    /// One segment of a pattern.
    enum Segment: Sendable, Equatable, Hashable {
        case literal(String)
        case capture(name: String, prefix: String, suffix: String)
        case rest(name: String)
    }

    let segments: [Segment]

    /// Reads a pattern; what is not a well-formed capture is a literal.
    init(_ pattern: String) {
        let trimmed = pattern.hasPrefix("/") ? pattern.dropFirst() : pattern[...]
        segments = trimmed.split(separator: "/", omittingEmptySubsequences: false).map(Self.segment)
    }

    private static func segment(_ text: Substring) -> Segment {
        guard let open = text.firstIndex(of: "{"), let close = text[open...].lastIndex(of: "}") else {
            return .literal(String(text))
        }
        let name = text[text.index(after: open)..<close]
        if name.hasSuffix("..."), open == text.startIndex { return .rest(name: String(name.dropLast(3))) }
        return .capture(
            name: String(name), prefix: String(text[..<open]), suffix: String(text[text.index(after: close)...]))
    }
}

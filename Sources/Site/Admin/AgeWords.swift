/// Ages and waits for people, from whole seconds.
enum AgeWords {
    /// `just now`, `12 seconds ago`, `3 minutes ago`, `2 hours ago`, `4 days ago`; `never` for nil.
    static func ago(_ seconds: Int?) -> String {
        guard let seconds else { return "never" }
        return seconds < 2 ? "just now" : "\(span(seconds)) ago"
    }

    /// `now`, `in 12 seconds`, `in 3 minutes`; nothing planned for nil.
    static func ahead(_ seconds: Int?) -> String {
        guard let seconds else { return "not planned" }
        return seconds < 2 ? "now" : "in \(span(seconds))"
    }

    /// The largest unit alone, rounded down: `1 minute`.
    private static func span(_ seconds: Int) -> String {
        let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
        guard let (size, name) = units.first(where: { seconds >= $0.0 }) else { return "0 seconds" }
        let count = seconds / size
        return "\(count) \(name)\(count == 1 ? "" : "s")"
    }
}

import Catalog

/// Times for people.
enum TimeWords {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `21 November 2026`, in UTC.
    static func day(_ time: Timestamp) -> String {
        let parts = time.day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return time.day }
        return "\(parts[2]) \(months[parts[1] - 1]) \(parts[0])"
    }

    /// `1:42:10` or `3:07`; nil for what is no length.
    static func clock(_ seconds: Double?) -> String? {
        guard let whole = whole(seconds) else { return nil }
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        let tail = rest < 10 ? "0\(rest)" : "\(rest)"
        guard hours > 0 else { return "\(minutes):\(tail)" }
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }

    /// `1 hour 42 minutes`, `3 minutes 7 seconds`, `8 seconds`.
    static func words(_ seconds: Double?) -> String? {
        guard let whole = whole(seconds) else { return nil }
        let parts = [(whole / 3600, "hour"), (whole / 60 % 60, "minute"), (whole % 60, "second")]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        guard !shown.isEmpty else { return "less than a second" }
        return shown.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " ")
    }

    private static func whole(_ seconds: Double?) -> Int? {
        guard let seconds, seconds.isFinite, seconds >= 0, seconds < 1e9 else { return nil }
        return Int(seconds.rounded())
    }
}

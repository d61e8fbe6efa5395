import Catalog

/// Times for people.
enum TimeWords {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `21 November 2026`, in UTC.
    static func day(_ time: Timestamp) -> String {
        date(time).map { "\($0.day) \($0.month) \($0.year)" } ?? time.day
    }

    /// `21 Nov`, in UTC.
    static func shortDay(_ time: Timestamp) -> String {
        date(time).map { "\($0.day) \($0.month.prefix(3))" } ?? time.day
    }

    /// `Nov 2026`, in UTC.
    static func month(_ time: Timestamp) -> String {
        date(time).map { "\($0.month.prefix(3)) \($0.year)" } ?? time.day
    }

    /// `06:25`, in UTC.
    static func minute(_ time: Timestamp) -> String {
        let second = ((time.seconds % 86_400) + 86_400) % 86_400
        return "\(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60))"
    }

    /// `21 Nov 06:25`, in UTC.
    static func moment(_ time: Timestamp) -> String { "\(shortDay(time)) \(minute(time))" }

    /// `1:42:10` or `3:07`; nil for what is no length.
    static func clock(_ seconds: Double?) -> String? {
        guard let whole = whole(seconds) else { return nil }
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        guard hours > 0 else { return "\(minutes):\(twoDigits(rest))" }
        return "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))"
    }

    /// `1 hour 42 minutes`, `3 minutes 7 seconds`, `8 seconds`.
    static func words(_ seconds: Double?) -> String? {
        guard let whole = whole(seconds) else { return nil }
        let parts = [(whole / 3600, "hour"), (whole / 60 % 60, "minute"), (whole % 60, "second")]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        guard !shown.isEmpty else { return "less than a second" }
        return shown.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " ")
    }

    private static func date(_ time: Timestamp) -> (day: Int, month: String, year: Int)? {
        let parts = time.day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return nil }
        return (parts[2], months[parts[1] - 1], parts[0])
    }

    private static func twoDigits(_ number: some BinaryInteger) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func whole(_ seconds: Double?) -> Int? {
        guard let seconds, seconds.isFinite, seconds >= 0, seconds < 1e9 else { return nil }
        return Int(seconds.rounded())
    }
}

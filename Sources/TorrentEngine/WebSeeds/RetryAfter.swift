/// The field `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date. Pure.
enum RetryAfter {
    /// How long to wait; nil when the field says nothing that can be read. A date counts from the server's own `Date`,
    /// so that clocks need not agree.
    static func wait(_ field: String?, date: String?) -> Duration? {
        guard let field, field.utf8.count <= 40 else { return nil }
        if let seconds = number(field[...], digits: 1...9) { return .seconds(seconds) }
        guard let then = seconds(of: field), let now = date.flatMap({ seconds(of: $0) }) else { return nil }
        return .seconds(max(0, then - now))
    }

    /// Seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func seconds(of date: String) -> Int? {
        let parts = date.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = number(parts[1], digits: 2...2),
            let month = months.firstIndex(of: String(parts[2])), let year = number(parts[3], digits: 4...4),
            (1...31).contains(day), year >= 1970
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], digits: 2...2), hour < 24,
            let minute = number(clock[1], digits: 2...2), minute < 60,
            let second = number(clock[2], digits: 2...2), second <= 60
        else { return nil }
        return days(year: year, month: month + 1, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Days since 1970, counted in years that begin in March, so that leap days come last (Hinnant's algorithm).
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }
}

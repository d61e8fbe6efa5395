/// A moment of a film as people type it: seconds (`62`, `62.5`), or `m:ss` and `h:mm:ss` with a
/// fraction if need be (`1:02:03.250`); and as they are shown it.
public enum ClipTime {
    /// Seconds from the film's beginning; nil when the text is no such moment.
    public static func parse(_ text: String) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), let last = parts.last, let seconds = seconds(last) else { return nil }
        var whole = 0
        for (index, part) in parts.dropLast().enumerated() {
            guard let number = digits(part), index == 0 || (part.utf8.count == 2 && number < 60) else { return nil }
            whole = (whole + number) * 60
        }
        if parts.count > 1 {
            let digits = last.prefix { $0 != "." }
            guard digits.utf8.count == 2, seconds < 60 else { return nil }
        }
        return Double(whole) + seconds
    }

    /// `1:02`, `1:02.5`, `1:00:02.125`: minutes and seconds, hours and up to three decimals where there are any.
    ///
    /// - Parameters:
    ///   - seconds: Rounded to milliseconds; zero where it is negative or no finite number, and at most 10^12.
    ///   - separator: What stands between the parts; names of files have no colons.
    public static func text(_ seconds: Double, separator: Character = ":") -> String {
        let (whole, rest) = milliseconds(seconds).quotientAndRemainder(dividingBy: 1000)
        let (minutes, second) = whole.quotientAndRemainder(dividingBy: 60)
        let (hours, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        let first = hours > 0 ? "\(hours)\(separator)\(twoDigits(minute))" : "\(minute)"
        return "\(first)\(separator)\(twoDigits(second))\(decimals(rest))"
    }

    /// Seconds alone with as many of three decimals as there are, rounded and bounded in the same way: `62`, `62.5`.
    public static func number(_ seconds: Double) -> String {
        let (whole, rest) = milliseconds(seconds).quotientAndRemainder(dividingBy: 1000)
        return "\(whole)\(decimals(rest))"
    }

    private static func milliseconds(_ seconds: Double) -> Int64 {
        seconds.isFinite ? Int64(min(max(seconds, 0), 1e12) * 1000 + 0.5) : 0
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func decimals(_ milliseconds: Int64) -> String {
        guard milliseconds > 0 else { return "" }
        var digits = String(milliseconds + 1000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "." + digits
    }

    private static func seconds(_ text: Substring) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, digits(whole) != nil else { return nil }
        if parts.count == 2 { guard (1...9).contains(parts[1].utf8.count), digits(parts[1]) != nil else { return nil } }
        return Double(text)
    }

    private static func digits(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}

/// A moment of a film as it is given on the command line: seconds (`62`, `62.5`), or `m:ss` and `h:mm:ss` with a
/// fraction if need be (`1:02:03.250`).
enum ClipTime {
    /// Seconds from the film's beginning; nil when the text is no such moment.
    static func parse(_ text: String) -> Double? {
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

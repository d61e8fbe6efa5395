/// Dates of header fields (RFC 9110, 5.6.7), as seconds since 1970 in UTC.
public enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`. Times before 1970 or after 9999 are given as the nearest in between.
    public static func format(_ seconds: Int64) -> String {
        let time = min(max(0, seconds), 253_402_300_799)
        let date = civil(days: time / 86400)
        let clock = time % 86400
        let weekday = days[Int((time / 86400 + 4) % 7)]
        let day = pad(date.day) + " " + months[Int(date.month - 1)] + " " + String(date.year)
        return "\(weekday), \(day) \(pad(clock / 3600)):\(pad(clock / 60 % 60)):\(pad(clock % 60)) GMT"
    }

    /// Reads all three formats of RFC 9110; nil for anything else.
    public static func parse(_ text: String) -> Int64? {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }).map(String.init)
        // asctime: Sun Nov  6 08:49:37 1994.
        // The others: Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT.
        if words.count == 5 { return moment(day: words[2], month: words[1], year: words[4], time: words[3]) }
        guard words.count == 6, words[5] == "GMT" else { return nil }
        return moment(day: words[1], month: words[2], year: words[3], time: words[4])
    }

    private static func moment(day: String, month: String, year: String, time: String) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { number($0) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            hour < 24, minute < 60, second <= 60, let month = months.firstIndex(of: month),
            let day = number(day[...]), (1...31).contains(day), var year = number(year[...])
        else { return nil }
        // RFC 850 years have two digits; they are taken as 1970 to 2069.
        if year < 70 { year += 2000 } else if year < 100 { year += 1900 }
        guard (1970...9999).contains(year) else { return nil }
        return daysSince1970(year: year, month: Int64(month) + 1, day: day) * 86400 + hour * 3600 + minute * 60 + second
    }

    private static func number(_ text: Substring) -> Int64? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy(Octet.isDigit) else { return nil }
        return Int64(text)
    }

    private static func pad(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : String(value)
    }

    /// The Gregorian calendar by eras of 400 years that begin in March (Howard Hinnant, "chrono-compatible low-level
    /// date algorithms").
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Numbers of bytes for people.
enum ByteWords {
    /// In decimal units, as shops and browsers count: `1.3 GB`.
    static func decimal(_ bytes: some BinaryInteger) -> String {
        words(Double(bytes), step: 1000, units: ["bytes", "KB", "MB", "GB", "TB", "PB"])
    }

    /// In binary units, as limits are set: `20 GiB`.
    static func binary(_ bytes: some BinaryInteger) -> String {
        words(Double(bytes), step: 1024, units: ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"])
    }

    /// Digits in groups of three: `1,262,485,504`.
    static func grouped(_ number: some BinaryInteger) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    private static func words(_ bytes: Double, step: Double, units: [String]) -> String {
        var value = max(0, bytes)
        var unit = 0
        while value >= step, unit < units.count - 1 {
            value /= step
            unit += 1
        }
        let digits = unit > 0 && value < 10 ? oneDecimal(value) : String(Int(value.rounded()))
        return "\(digits) \(units[unit])"
    }

    /// One digit after the point, and none when it is zero.
    static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((min(abs(value), 1e15) * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }
}

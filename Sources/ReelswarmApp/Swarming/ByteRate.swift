/// Bytes a second as people write them: `500k`, `2M`, `1.5M`, `65536`.
enum ByteRate {
    /// The number of bytes, at least 1; nil when the text is no rate.
    static func parse(_ text: String) -> Int? {
        let lower = text.lowercased()
        let digits = lower.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let factors: [Substring: Double] = [
            "": 1, "b": 1, "k": 1000, "kb": 1000, "kib": 1024, "m": 1_000_000, "mb": 1_000_000, "mib": 1_048_576,
            "g": 1_000_000_000, "gb": 1_000_000_000, "gib": 1_073_741_824,
        ]
        guard let factor = factors[lower[digits.endIndex...]], let number = Double(digits) else { return nil }
        let bytes = number * factor
        return bytes >= 1 && bytes < 1e15 ? Int(bytes) : nil
    }
}

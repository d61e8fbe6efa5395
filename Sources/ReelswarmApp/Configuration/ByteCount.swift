/// Sizes as people write them: `500MB`, `50GiB`, `1024`.
enum ByteCount {
    private static let units: [(suffix: String, factor: Int64)] = [
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
        ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000), ("b", 1),
    ]

    /// The number of bytes, or nil when the text is no size or too great for 63 bits.
    static func parse(_ text: String) -> Int64? {
        let lower = text.lowercased().filter { $0 != " " }
        let unit = units.first { lower.hasSuffix($0.suffix) }
        guard let number = Int64(lower.dropLast(unit?.suffix.count ?? 0)), number >= 0 else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit?.factor ?? 1)
        return overflow ? nil : bytes
    }
}

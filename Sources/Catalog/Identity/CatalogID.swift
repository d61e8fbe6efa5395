/// A row's number: positive, given out by the database, never reused.
public protocol CatalogID: RawRepresentable, Hashable, Comparable, Sendable, LosslessStringConvertible
where RawValue == Int64 {
    /// Wraps a number that came from the database.
    init(rawValue: Int64)
}

extension CatalogID {
    /// Reads the number as it stands in a URL: decimal digits, 1...2^63-1, no sign and no leading zero; else nil.
    public init?(_ text: String) {
        let digits = text.utf8
        guard (1...19).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(text)
        else { return nil }
        self.init(rawValue: number)
    }

    /// The decimal number.
    public var description: String { String(rawValue) }

    /// Older rows come first.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

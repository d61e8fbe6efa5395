/// The field `Content-Range` of a 206 (RFC 9110 section 14.4), such as `bytes 0-99/1000`. Pure.
struct ContentRange: Hashable, Sendable {
    /// The bytes that follow, both ends included.
    let bytes: ClosedRange<Int64>
    /// How long the whole file is; nil where the server does not say.
    let total: Int64?

    /// Nil when the field cannot be read.
    init?(_ field: String) {
        guard field.utf8.count <= 80 else { return nil }
        let words = field.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let halves = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last else {
            return nil
        }
        let total = Self.number(halves[1])
        guard total != nil || halves[1] == "*", last < total ?? .max else { return nil }
        bytes = first...last
        self.total = total
    }

    /// A length or position: digits only, at most 18.
    static func number(_ text: Substring) -> Int64? {
        guard (1...18).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(text)
    }
}

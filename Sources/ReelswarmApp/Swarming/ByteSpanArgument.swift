/// A part of a file as it is given on the command line, both ends included as in HTTP: `0-99` are 100 bytes.
enum ByteSpanArgument {
    /// The bytes `A-B`, or `A-` up to the end; nil when the text is neither.
    static func parse(_ text: String) -> Range<Int64>? {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, let start = number(ends[0]) else { return nil }
        if ends[1].isEmpty { return start..<Int64.max }
        guard let last = number(ends[1]), last >= start, last < Int64.max else { return nil }
        return start..<last + 1
    }

    private static func number(_ text: Substring) -> Int64? {
        guard (1...19).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }
}

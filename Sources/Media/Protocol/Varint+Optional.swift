import ClipIndex

extension VarintWriter {
    /// Zero for nil, else the number and one.
    mutating func write(optional value: UInt64?) {
        write(value.map { $0 == .max ? $0 : $0 + 1 } ?? 0)
    }

    /// The text's bytes and their count, none for nil.
    mutating func write(text: String?) {
        write(counted: Array((text ?? "").utf8.prefix(1000)))
    }
}

extension VarintReader {
    /// A number that may be absent; one over `limit` counts as absent, since it says nothing about a real film.
    mutating func readOptional(upTo limit: UInt64 = .max) throws(FilmIndexError) -> UInt64? {
        let value = try read()
        return value == 0 || value - 1 > limit ? nil : value - 1
    }

    /// A line of text, nil when empty, cut to `limit` characters.
    mutating func readText(upTo limit: Int) throws(FilmIndexError) -> String? {
        let text = PlainText.line(String(decoding: try readCounted(upTo: 1000), as: UTF8.self), limit: limit)
        return text.isEmpty ? nil : text
    }

    /// One of `cases` by its number.
    mutating func readCase<Case>(of cases: [Case]) throws(FilmIndexError) -> Case {
        let number = try read()
        guard number < UInt64(cases.count) else { throw .invalidValue }
        return cases[Int(number)]
    }
}

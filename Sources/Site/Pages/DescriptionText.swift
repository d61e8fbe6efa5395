/// A description as a page shows it: plain text in which web addresses are links. Nothing else becomes markup.
enum DescriptionText {
    /// Pieces of text, some with an address.
    static func values(_ text: String) -> TemplateValue {
        .list(pieces(text).map { ["text": .text($0.text), "href": $0.isLink ? .text($0.text) : .nothing] })
    }

    /// The first sentences on one line, for cards and previews.
    static func excerpt(_ text: String, limit: Int = 220) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).prefix(limit).joined(separator: " ")
        return line.count <= limit ? line : String(line.prefix(limit - 1)) + "…"
    }

    /// One piece of the text.
    struct Piece: Equatable {
        let text: String
        let isLink: Bool
    }

    /// Only `http://` and `https://` begin a link; it ends before white space, quotes and angle brackets, and closing
    /// punctuation stays outside.
    static func pieces(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        let scalars = Array(text.unicodeScalars)
        var plainStart = 0
        var index = 0
        while index < scalars.count {
            if let end = linkEnd(scalars, from: index) {
                append(scalars[plainStart..<index], isLink: false, to: &pieces)
                append(scalars[index..<end], isLink: true, to: &pieces)
                index = end
                plainStart = end
            } else {
                index += 1
            }
        }
        append(scalars[plainStart...], isLink: false, to: &pieces)
        return pieces
    }

    private static func append(_ scalars: ArraySlice<Unicode.Scalar>, isLink: Bool, to pieces: inout [Piece]) {
        guard !scalars.isEmpty else { return }
        pieces.append(Piece(text: String(String.UnicodeScalarView(scalars)), isLink: isLink))
    }

    private static func linkEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        guard scalars[start] == "h" || scalars[start] == "H", start == 0 || !isWordScalar(scalars[start - 1]) else {
            return nil
        }
        let head = scalars[start...].prefix(8).map { $0.properties.lowercaseMapping }.joined()
        guard let scheme = ["https://", "http://"].first(where: head.hasPrefix) else { return nil }
        let bodyStart = start + scheme.utf8.count
        var end = bodyStart
        while end < scalars.count, !isStop(scalars[end]) { end += 1 }
        while end > bodyStart, isClosing(scalars[end - 1]) { end -= 1 }
        guard end > bodyStart, isWordScalar(scalars[bodyStart]) || scalars[bodyStart] == "[" else { return nil }
        return end
    }

    private static func isStop(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.value < 0x20 || "<>\"'`\\^{|}".unicodeScalars.contains(scalar)
    }

    private static func isClosing(_ scalar: Unicode.Scalar) -> Bool { ".,;:!?)]*_".unicodeScalars.contains(scalar) }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}

/// What a user name looks like: case aside, in composed form or not, and with the Cyrillic and Greek letters that look
/// like Latin ones read as Latin. Two users may not look alike.
struct NameLook: Hashable {
    private let text: String

    init(_ name: String) {
        var scalars = String.UnicodeScalarView()
        for scalar in name.lowercased().unicodeScalars { scalars.append(Self.latinLook[scalar] ?? scalar) }
        text = String(scalars)
    }

    private static let latinLook: [Unicode.Scalar: Unicode.Scalar] = [
        // Cyrillic
        "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y",
        "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "ԛ": "q", "ԝ": "w", "һ": "h", "ӏ": "l",
        // Greek
        "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u",
        "χ": "x", "γ": "y", "ζ": "z",
        // Latin without its dot
        "ı": "i",
    ]
}

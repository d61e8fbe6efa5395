/// A user's login name: 1 to 40 letters, digits, dots, hyphens and underscores, with a letter or digit first. Case does
/// not tell two names apart; the database keeps that rule, and stores the name in Unicode's composed form (NFC).
/// `.` and `..` are path segments that a client removes, so a user of that name would have no page.
public struct UserName: Hashable, Sendable, CustomStringConvertible {
    /// The name as its owner writes it.
    public let rawValue: String

    /// Checks a name; white space at its ends is dropped.
    public init(_ text: String) throws(CatalogError) {
        let name = PlainText.trimmed(text)
        guard (1...40).contains(name.unicodeScalars.count) else {
            throw CatalogError(field: "name", sentence: "A user name has 1 to 40 characters.")
        }
        guard name.unicodeScalars.allSatisfy(Self.isAllowed) else {
            throw CatalogError(
                field: "name", sentence: "A user name is made of letters, digits, dots, hyphens and underscores.")
        }
        guard name.unicodeScalars.first.map(Self.mayBegin) == true else {
            throw CatalogError(field: "name", sentence: "A user name begins with a letter or a digit.")
        }
        rawValue = name
    }

    /// The name.
    public var description: String { rawValue }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "." || scalar == "_" || scalar == "-" || mayBegin(scalar) { return true }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }

    private static func mayBegin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return true
        default: return false
        }
    }
}

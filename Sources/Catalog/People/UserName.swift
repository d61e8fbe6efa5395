/// A user's login name: 1 to 40 letters, digits, dots, hyphens and underscores. Case does not tell two names apart;
/// the database keeps that rule, and stores the name in Unicode's composed form (NFC).
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
        rawValue = name
    }

    /// The name.
    public var description: String { rawValue }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "." || scalar == "_" || scalar == "-" { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .nonspacingMark, .spacingMark:
            return true
        default: return false
        }
    }
}

/// A video's description: up to 10,000 characters of plain text in lines.
public struct Description: Hashable, Sendable, CustomStringConvertible {
    /// The text, its lines ended by LF.
    public let rawValue: String

    /// Checks a description; white space at its ends is dropped, CR LF becomes LF.
    public init(_ text: String) throws(CatalogError) {
        let text = PlainText.trimmed(PlainText.unifiedLines(text))
        guard text.unicodeScalars.count <= 10_000 else {
            throw CatalogError(field: "description", sentence: "A description has at most 10,000 characters.")
        }
        guard PlainText.isClean(text, lines: true) else {
            throw CatalogError(field: "description", sentence: "A description may not hold control characters.")
        }
        rawValue = text
    }

    /// The text.
    public var description: String { rawValue }
}

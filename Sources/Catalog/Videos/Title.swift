/// A video's title: one line of 1 to 200 characters without control characters.
public struct Title: Hashable, Sendable, CustomStringConvertible {
    /// The title's text.
    public let rawValue: String

    /// Checks a title; white space at its ends is dropped.
    public init(_ text: String) throws(CatalogError) {
        let title = PlainText.trimmed(text)
        guard (1...200).contains(title.unicodeScalars.count) else {
            throw CatalogError(field: "title", sentence: "A title has 1 to 200 characters.")
        }
        guard PlainText.isClean(title) else {
            throw CatalogError(field: "title", sentence: "A title is one line without control characters.")
        }
        rawValue = title
    }

    /// The title.
    public var description: String { rawValue }
}

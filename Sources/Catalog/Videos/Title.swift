import Metainfo

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

    /// The title that a file's name gives: without its ending and with spaces for underscores; “Untitled” where nothing
    /// is left.
    public init(fileName: String) {
        var stem = SafeName.fileName(fileName)
        if let dot = stem.lastIndex(of: "."), dot > stem.startIndex { stem = String(stem[..<dot]) }
        let words = PlainText.trimmed(String(stem.map { $0 == "_" ? " " : $0 }.prefix(200)))
        let isTitle = (1...200).contains(words.unicodeScalars.count) && PlainText.isClean(words)
        rawValue = isTitle ? words : "Untitled"
    }

    /// The title.
    public var description: String { rawValue }
}

/// A word or two that group videos: 1 to 40 characters, no comma. Case does not tell two tags apart.
public struct Tag: Hashable, Sendable, CustomStringConvertible {
    /// The most tags one video has.
    public static let maximumPerVideo = 20

    /// The tag's text, in lower case.
    public let rawValue: String

    /// Checks one tag; white space at its ends is dropped.
    public init(_ text: String) throws(CatalogError) {
        let tag = PlainText.trimmed(text).lowercased()
        guard (1...40).contains(tag.unicodeScalars.count) else {
            throw CatalogError(field: "tags", sentence: "A tag has 1 to 40 characters.")
        }
        guard PlainText.isClean(tag), !tag.utf8.contains(UInt8(ascii: ",")) else {
            throw CatalogError(field: "tags", sentence: "A tag is plain text without commas.")
        }
        rawValue = tag
    }

    /// Reads tags separated by commas; empty ones and repetitions are dropped, the order is kept.
    public static func parse(commaSeparated text: String) throws(CatalogError) -> [Tag] {
        let parts = text.utf8.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
        return try list(parts)
    }

    /// Checks a list of tags; empty ones and repetitions are dropped, the order is kept.
    public static func list(_ texts: [String]) throws(CatalogError) -> [Tag] {
        var tags: [Tag] = []
        for text in texts where !PlainText.trimmed(text).isEmpty {
            let tag = try Tag(text)
            guard !tags.contains(tag) else { continue }
            guard tags.count < maximumPerVideo else {
                throw CatalogError(field: "tags", sentence: "A video has at most \(maximumPerVideo) tags.")
            }
            tags.append(tag)
        }
        return tags
    }

    /// The tag.
    public var description: String { rawValue }
}

/// Which videos of the library to show.
public struct LibraryQuery: Equatable, Sendable {
    /// The longest search text, in characters.
    public static let maximumSearchLength = 256
    /// The most videos on a page.
    public static let maximumPerPage = 100
    /// The last page that is answered.
    public static let maximumPage = 100_000

    /// Text to find in titles, descriptions and tags, taken literally; nil for all videos.
    public let search: String?
    /// A tag that videos must have.
    public let tag: Tag?
    /// The page, from 1.
    public let page: Int
    /// Videos on a page, 1...100.
    public let perPage: Int

    /// Checks a query. An empty search is none; a search over 256 characters or with control characters, a tag that
    /// cannot be, and a page out of range are errors.
    public init(search: String? = nil, tag: String? = nil, page: Int = 1, perPage: Int = 24) throws(CatalogError) {
        let words = PlainText.trimmed(search ?? "")
        guard words.unicodeScalars.count <= Self.maximumSearchLength, PlainText.isClean(words) else {
            throw CatalogError(field: "q", sentence: "A search has at most 256 characters of plain text.")
        }
        guard (1...Self.maximumPage).contains(page), (1...Self.maximumPerPage).contains(perPage) else {
            throw CatalogError(field: "page", sentence: "There is no such page.")
        }
        self.search = words.isEmpty ? nil : words
        self.tag = if let tag, !PlainText.trimmed(tag).isEmpty { try Tag(tag) } else { nil }
        self.page = page
        self.perPage = perPage
    }
}

/// One page of a longer list.
public struct Page<Item: Sendable>: Sendable {
    /// The items on this page.
    public let items: [Item]
    /// This page's number, from 1.
    public let number: Int
    /// Items on a full page.
    public let perPage: Int
    /// Items on all pages.
    public let total: Int

    /// Makes a page from its parts.
    public init(items: [Item], number: Int, perPage: Int, total: Int) {
        self.items = items
        self.number = number
        self.perPage = perPage
        self.total = total
    }

    /// The number of pages, at least 1.
    public var pageCount: Int { perPage > 0 && total > 0 ? (total - 1) / perPage + 1 : 1 }
    /// Whether a page follows.
    public var hasNext: Bool { number < pageCount }
    /// Whether a page precedes.
    public var hasPrevious: Bool { number > 1 }
}

import Catalog
import Postgres

/// Where a page begins and how long it is; both within what SQL takes.
struct PageWindow {
    let number: Int
    let perPage: Int

    init(page: Int, perPage: Int) {
        self.number = min(max(1, page), LibraryQuery.maximumPage)
        self.perPage = min(max(1, perPage), 200)
    }

    var limits: SQLQuery { "LIMIT \(perPage) OFFSET \((number - 1) * perPage)" }

    func page<Item: Sendable>(_ items: [Item], total: Int) -> Page<Item> {
        Page(items: items, number: number, perPage: perPage, total: total)
    }
}

import Catalog
import HTTPWire
import WebServer

/// Links to the pages before and after.
enum Paging {
    /// The values of the template; nothing when there is one page only.
    static func values<Item>(_ page: Page<Item>, _ address: (Int) -> String) -> TemplateValue {
        guard page.pageCount > 1 else { return .nothing }
        return [
            "previous": page.hasPrevious ? .text(address(page.number - 1)) : .nothing,
            "next": page.hasNext ? .text(address(page.number + 1)) : .nothing,
            "number": .number(page.number), "count": .number(page.pageCount),
        ]
    }
}

/// The number of a page in a query.
enum PageNumber {
    /// 1 where none is named.
    ///
    /// - Throws: 400 for what is no page number.
    static func of(_ query: FormFields, name: String = "page", default standard: Int = 1) throws -> Int {
        guard let text = query.first(name), !text.isEmpty else { return standard }
        guard text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            number > 0
        else { throw HTTPError.badRequest("There is no such page.", code: "invalid_\(name)") }
        return number
    }
}

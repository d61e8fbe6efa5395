import Accounts
import ByteCoding
import Catalog
import HTTPWire
import Store
import WebServer

/// `GET /`: the published videos, newest first, found by words or tag, in pages.
struct ShowLibrary: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let fields = visit.request.query
        let query = try LibraryQuery(
            search: fields.first("q"), tag: fields.first("tag"), page: try PageNumber.of(fields), perPage: 24)
        let settings = try await site.settings.current()
        let page = try await site.store.videos.published(query: query)
        guard page.number == 1 || !page.items.isEmpty else { throw Refusal.noPage }
        for video in page.items { site.swarmIndex.note(video) }
        let isFiltered = query.search != nil || query.tag != nil
        var values = Self.words(query, page, isFiltered)
        values["videos"] = .list(
            page.items.enumerated().map { index, video in
                LibraryCard(video: video, site: site, settings: settings)
                    .values(isFeature: index == 0 && page.number == 1 && !isFiltered, isLate: index > 4)
            })
        let needsSetUp =
            page.items.isEmpty && visit.viewer == nil && !isFiltered ? try await site.accounts.needsSetUp() : false
        values["needs_setup"] = .flag(needsSetUp)
        values["deleted"] = .flag(fields.first("deleted") == "film")
        return PageFrame(site: site, settings: settings).page(.library, title: "", at: .library, for: visit, values)
    }

    private static func words(_ query: LibraryQuery, _ page: Page<Video>, _ isFiltered: Bool) -> [String: TemplateValue]
    {
        let count = page.total == 1 ? "1 film or recording" : "\(ByteWords.grouped(page.total)) films and recordings"
        let tag = query.tag?.rawValue
        return [
            "heading": isFiltered ? "Found in the library" : "Library",
            "summary": page.total == 0 ? "" : .text(count), "has_filter": .flag(isFiltered),
            "shows_search": .flag(page.total > 0 || isFiltered), "search": .text(query.search ?? ""),
            "tag": .optional(tag), "has_videos": .flag(!page.items.isEmpty),
            "without_tag": .text(LibraryLink(search: query.search).path),
            "without_search": .text(LibraryLink(tag: tag).path),
            "paging": Paging.values(page) { LibraryLink(search: query.search, tag: tag, page: $0).path },
        ]
    }
}

/// An address of the library.
struct LibraryLink {
    var search: String?
    var tag: String?
    var page = 1

    /// The path with its query.
    var path: String {
        var pairs: [String] = []
        if let search { pairs.append("q=" + PercentEncoding.encode(search)) }
        if let tag { pairs.append("tag=" + PercentEncoding.encode(tag)) }
        if page > 1 { pairs.append("page=\(page)") }
        return pairs.isEmpty ? "/" : "/?" + pairs.joined(separator: "&")
    }
}

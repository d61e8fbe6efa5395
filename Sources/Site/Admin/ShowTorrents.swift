import ByteCoding
import Catalog
import HTTPWire
import Metainfo
import Store
import WebServer

/// `GET /admin/torrents`: all torrents with their swarms and what we have sent, found by title, in an order.
struct ShowTorrents: Act {
    private static let perPage = 50

    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let fields = visit.request.query
        let query = try LibraryQuery(
            search: fields.first("q"), page: try PageNumber.of(fields), perPage: Self.perPage)
        let sort = TorrentSort(query: fields.first("sort"))
        let settings = try await site.settings.current()
        let page = try await lines(query, sort)
        return try await AdminPage(site: site, tab: .torrents).answer(
            .adminTorrents, title: "Torrents", visit,
            [
                "is_off": .flag(!settings.bittorrentEnabled), "has_videos": .flag(!page.items.isEmpty),
                "shows_search": .flag(page.total > 1 || query.search != nil), "search": .text(query.search ?? ""),
                "sort": .text(sort.rawValue), "sorts": sorts(sort, query), "total": .text(Self.total(page.total)),
                "videos": .list(page.items.map { line($0, isOn: settings.bittorrentEnabled) }),
                "paging": Paging.values(page) { Self.address(query, sort, page: $0) },
            ])
    }

    /// One page of what was found. All hashes are ordered first: they are small, and swarms are counted in memory.
    private func lines(_ query: LibraryQuery, _ sort: TorrentSort) async throws -> Page<TorrentLine> {
        var hashes = try await site.store.torrents.hashes(matching: query.search, order: sort.stored)
        if let measure = sort.counted {
            let measured = hashes.enumerated().map { ($0.element, measure(site.counts($0.element)), $0.offset) }
            hashes = measured.sorted { ($1.1, $0.2) < ($0.1, $1.2) }.map(\.0)
        }
        let shown = Array(hashes.dropFirst((query.page - 1) * query.perPage).prefix(query.perPage))
        let found = try await site.store.torrents.lines(of: shown)
        let byHash = Dictionary(found.map { ($0.torrent.infoHash, $0) }, uniquingKeysWith: { first, _ in first })
        return Page(
            items: shown.compactMap { byHash[$0] }, number: query.page, perPage: query.perPage, total: hashes.count)
    }

    private func sorts(_ chosen: TorrentSort, _ query: LibraryQuery) -> TemplateValue {
        .list(
            TorrentSort.allCases.map { sort in
                [
                    "words": .text(sort.words), "href": .text(Self.address(query, sort, page: 1)),
                    "is_chosen": .flag(sort == chosen),
                ]
            })
    }

    private static func address(_ query: LibraryQuery, _ sort: TorrentSort, page: Int) -> String {
        var parts: [String] = []
        if let search = query.search { parts.append("q=" + PercentEncoding.encode(search)) }
        if sort != .newest { parts.append("sort=\(sort.rawValue)") }
        if page > 1 { parts.append("page=\(page)") }
        return "/admin/torrents" + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    }

    private static func total(_ count: Int) -> String {
        "\(ByteWords.grouped(count)) torrent\(count == 1 ? "" : "s")"
    }

    private func line(_ line: TorrentLine, isOn: Bool) -> TemplateValue {
        let hash = line.torrent.infoHash
        let counts = site.counts(hash)
        let state = !line.isPublished ? "taken down" : !isOn ? "off" : counts.serverSeeding ? "seeding" : "not seeding"
        return [
            "slug": .text(line.videoSlug.rawValue), "title": .text(line.videoTitle), "state": .text(state),
            "is_off": .flag(state != "seeding"), "size": .text(ByteWords.decimal(line.torrent.size)),
            "address": line.isPublished ? .text("/admin/torrents/\(hash.hex)") : .nothing,
            "page": .text(VideoPaths(line.videoSlug).page),
            "swarm": isOn && line.isPublished
                ? [
                    "seeders": .number(counts.seeders), "leechers": .number(counts.leechers),
                    "partial": .number(counts.partialSeeds), "completed": .number(counts.completed),
                    "uploaded": .text(ByteWords.decimal(site.swarm.uploaded(hash))),
                ] : .nothing,
        ]
    }
}

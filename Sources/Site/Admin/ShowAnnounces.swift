import Catalog
import HTTPTypes
import Metainfo
import Store
import WebServer

/// `GET /admin/announces`: the latest announces to our tracker in plain words, newest first.
struct ShowAnnounces: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let query = try AnnounceQuery(visit.request.query)
        let settings = try await site.settings.current()
        let lines = site.desk.announces(query.filter, limit: query.limit)
        let torrents = try await torrents(of: lines, query)
        var response = try await AdminPage(site: site, tab: .announces).answer(
            .adminAnnounces, title: "Announces", visit,
            [
                "is_off": .flag(!settings.bittorrentEnabled), "is_silent": .flag(!settings.tracker.logsAnnounces),
                "lines": .list(
                    lines.map {
                        AnnounceWords(line: $0, torrent: torrents[$0.hash], addresses: query.addresses).values
                    }),
                "has_lines": .flag(!lines.isEmpty), "is_narrowed": .flag(query.isNarrowed), "form": form(query),
                "narrowed_to": .optional(query.filter.hash.flatMap { torrents[$0]?.videoTitle }),
                "is_whole": .flag(query.addresses.isWhole), "is_refreshing": .flag(query.refreshes),
                "seconds": .number(AnnounceQuery.refreshSeconds),
                "address": .text(query.address()), "refresh": .text(query.address(refreshes: !query.refreshes)),
                "other_addresses": .text(query.address(isWhole: !query.addresses.isWhole)),
                "more": .optional(more(query, lines.count)),
            ])
        if query.refreshes { response.headers[.refresh] = String(AnnounceQuery.refreshSeconds) }
        return response
    }

    /// The torrents that the lines and the filter name, those that are ours.
    private func torrents(of lines: [AnnounceLine], _ query: AnnounceQuery) async throws -> [InfoHash: TorrentLine] {
        var hashes = Set(lines.map(\.hash))
        if let hash = query.filter.hash { hashes.insert(hash) }
        let found = try await site.store.torrents.lines(of: Array(hashes))
        return Dictionary(found.map { ($0.torrent.infoHash, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The same list, longer, where there may be more.
    private func more(_ query: AnnounceQuery, _ count: Int) -> String? {
        guard count >= query.limit, let next = AnnounceQuery.limits.first(where: { $0 > query.limit }) else {
            return nil
        }
        return query.address(limit: next)
    }

    private func form(_ query: AnnounceQuery) -> TemplateValue {
        func choice(_ value: String, _ words: String, _ isChosen: Bool) -> TemplateValue {
            ["value": .text(value), "words": .text(words), "selected": .flag(isChosen)]
        }
        let filter = query.filter
        return [
            "acts": .list(
                AnnounceLine.Act.allCases.map { choice($0.rawValue, AnnounceWords.choice($0), $0 == filter.act) }),
            "transports": .list(
                AnnounceLine.Transport.allCases.map {
                    choice($0.rawValue, $0.rawValue.uppercased(), $0 == filter.transport)
                }),
            "limits": .list(
                AnnounceQuery.limits.map { choice(String($0), ByteWords.grouped($0), $0 == query.limit) }),
            "torrent": .text(filter.hash?.hex ?? ""), "text": .text(filter.text),
        ]
    }
}

extension HTTPField.Name {
    /// After how many seconds a browser loads the page again.
    static var refresh: HTTPField.Name { HTTPField.Name("Refresh") ?? .referer }
}

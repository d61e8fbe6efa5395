import Catalog
import Metainfo
import Store
import WebServer

/// `GET /admin/torrents`: all torrents with their swarms and what we have sent.
struct ShowTorrents: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let settings = try await site.settings.current()
        let page = try await site.store.torrents.list(page: try PageNumber.of(visit.request.query), perPage: 50)
        return try await AdminPage(site: site, tab: .torrents).answer(
            .adminTorrents, title: "Torrents", visit,
            [
                "is_off": .flag(!settings.bittorrentEnabled), "has_videos": .flag(!page.items.isEmpty),
                "videos": .list(page.items.map { line($0, isOn: settings.bittorrentEnabled) }),
                "paging": Paging.values(page) { "/admin/torrents?page=\($0)" },
            ])
    }

    private func line(_ line: TorrentLine, isOn: Bool) -> TemplateValue {
        let hash = line.torrent.infoHash
        let counts = site.counts(hash)
        let state = !line.isPublished ? "taken down" : !isOn ? "off" : counts.serverSeeding ? "seeding" : "not seeding"
        return [
            "slug": .text(line.videoSlug.rawValue), "page": .text(VideoPaths(line.videoSlug).page),
            "title": .text(line.videoTitle), "state": .text(state), "is_off": .flag(state != "seeding"),
            "size": .text(ByteWords.decimal(line.torrent.size)), "peers": .text("/admin/torrents/\(hash.hex)"),
            "swarm": isOn && line.isPublished
                ? [
                    "seeders": .number(counts.seeders), "leechers": .number(counts.leechers),
                    "completed": .number(counts.completed),
                    "uploaded": .text(ByteWords.decimal(site.swarm.uploaded(hash))),
                ] : .nothing,
        ]
    }
}

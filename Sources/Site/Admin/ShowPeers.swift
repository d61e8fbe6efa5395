import ByteCoding
import Catalog
import HTTPWire
import Metainfo
import Store
import WebServer

/// `GET /admin/torrents/{infohash}`: who is in one swarm, and what outside trackers say of it.
struct ShowPeers: Act {
    private static let perPage = 100

    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        guard let hash = visit.request.parameters["infohash"].flatMap({ InfoHash(hex: $0) }),
            let torrent = try await site.store.torrents.seedable(hash)
        else { throw Refusal.noTorrent }
        let video = try await site.store.videos.showing(torrent.mediaID).first
        let query = visit.request.query
        let addresses = AddressWords(query)
        let page = Self.page(await site.swarm.peers(hash), number: try PageNumber.of(query))
        let trackers = site.swarm.trackers(hash)
        return try await AdminPage(site: site, tab: .torrents).answer(
            .adminTorrent, title: video?.title ?? torrent.fileName, visit,
            [
                "video": [
                    "title": .text(video?.title ?? torrent.fileName), "slug": .optional(video?.slug.rawValue),
                    "page": .text(video.map { VideoPaths($0.slug).page } ?? "/"),
                ],
                "swarm": swarm(hash), "facts": Self.facts(torrent),
                "announces": .text("/admin/announces?torrent=\(hash)"),
                "peers": .list(page.items.map { PeerWords($0, addresses).values }),
                "has_peers": .flag(!page.items.isEmpty), "peer_count": .text(ByteWords.grouped(page.total)),
                "is_whole": .flag(addresses.isWhole),
                "other_addresses": .text(Self.address(hash, isWhole: !addresses.isWhole, page: page.number)),
                "paging": Paging.values(page) { Self.address(hash, isWhole: addresses.isWhole, page: $0) },
                "trackers": .list(trackers.map(Self.line)), "has_trackers": .flag(!trackers.isEmpty),
            ])
    }

    private func swarm(_ hash: InfoHash) -> TemplateValue {
        let counts = site.counts(hash)
        return [
            "seeders": .number(counts.seeders), "leechers": .number(counts.leechers),
            "partial": .number(counts.partialSeeds), "completed": .number(counts.completed),
            "uploaded": .text(ByteWords.decimal(site.swarm.uploaded(hash))),
        ]
    }

    /// Those we serve first, then those that announced last.
    private static func page(_ peers: [PeerLine], number: Int) -> Page<PeerLine> {
        let sorted = peers.sorted { one, other in
            let (first, second) = (one.source == .announced, other.source == .announced)
            if first != second { return second }
            return (one.lastSeen ?? 0, one.endpoint.address, one.endpoint.port)
                < (other.lastSeen ?? 0, other.endpoint.address, other.endpoint.port)
        }
        // A swarm may shrink between two clicks, so a page beyond its end is the last one.
        let last = max(1, (sorted.count + perPage - 1) / perPage)
        let number = min(number, last)
        return Page(
            items: Array(sorted.dropFirst((number - 1) * perPage).prefix(perPage)), number: number, perPage: perPage,
            total: sorted.count)
    }

    private static func address(_ hash: InfoHash, isWhole: Bool, page: Int) -> String {
        let parts = (isWhole ? ["addresses=whole"] : []) + (page > 1 ? ["page=\(page)"] : [])
        return "/admin/torrents/\(hash)" + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    }

    private static func facts(_ torrent: SeedableTorrent) -> TemplateValue {
        .list([
            ["name": "Info hash", "value": .text(torrent.infoHash.hex)],
            ["name": "Name", "value": .text(torrent.fileName)],
            ["name": "Size", "value": .text("\(ByteWords.grouped(torrent.size)) bytes")],
            ["name": "Piece length", "value": .text(ByteWords.binary(torrent.pieceLength))],
        ])
    }

    private static func line(_ report: TrackerReport) -> TemplateValue {
        func number(_ count: Int?) -> TemplateValue { .text(count.map { ByteWords.grouped($0) } ?? "–") }
        return [
            "url": .text(report.url), "seeders": number(report.seeders), "leechers": number(report.leechers),
            "completed": number(report.completed), "read": .text(AgeWords.ago(report.age)),
            "next": .text(AgeWords.ahead(report.nextAttempt)), "words": .optional(TrackerWords.shown(report.problem)),
        ]
    }
}

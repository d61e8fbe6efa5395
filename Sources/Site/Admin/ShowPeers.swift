import Catalog
import Metainfo
import Store
import WebServer

/// `GET /admin/torrents/{infohash}`: who is in one swarm.
struct ShowPeers: Act {
    /// Peers shown at most.
    private static let maximum = 200

    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        guard let hash = visit.request.parameters["infohash"].flatMap({ InfoHash(hex: $0) }),
            let torrent = try await site.store.torrents.seedable(hash)
        else { throw Refusal.noTorrent }
        let video = try await site.store.videos.showing(torrent.mediaID).first
        let peers = await site.swarm.peers(hash).prefix(Self.maximum)
        let counts = site.counts(hash)
        return try await AdminPage(site: site, tab: .torrents).answer(
            .adminTorrent, title: torrent.fileName, visit,
            [
                "video": [
                    "title": .text(video?.title ?? torrent.fileName), "slug": .optional(video?.slug.rawValue),
                    "page": .text(video.map { VideoPaths($0.slug).page } ?? "/"),
                ],
                "swarm": [
                    "seeders": .number(counts.seeders), "leechers": .number(counts.leechers),
                    "completed": .number(counts.completed),
                ],
                "uploaded": .text(ByteWords.decimal(site.swarm.uploaded(hash))),
                "peers": .list(peers.map(Self.line)), "has_peers": .flag(!peers.isEmpty),
                "facts": .list([
                    ["name": "Info hash", "value": .text(hash.hex)],
                    ["name": "Name", "value": .text(torrent.fileName)],
                    ["name": "Size", "value": .text("\(ByteWords.grouped(torrent.size)) bytes")],
                    ["name": "Piece length", "value": .text(ByteWords.binary(torrent.pieceLength))],
                ]),
            ])
    }

    private static func line(_ peer: PeerLine) -> TemplateValue {
        let share = peer.progress.map { "\(Int((min(max($0, 0), 1) * 100).rounded(.down))) %" }
        return [
            "endpoint": .text(peer.endpoint), "client": .text(peer.client), "progress": .text(share ?? "–"),
            "uploaded": .text(ByteWords.decimal(peer.uploaded)),
            "rate": .text(peer.rate.isFinite ? ByteWords.decimal(Int64(min(max(peer.rate, 0), 1e15))) + "/s" : "–"),
        ]
    }
}

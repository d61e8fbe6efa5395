import Catalog
import HTTPTypes
import HTTPWire
import Metainfo
import Publishing
import Store
import WebServer

/// `GET /videos/{slug}.torrent`: the torrent, its outer fields made for this request.
struct GetTorrent: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.publishedVideo(visit.slug())
        let settings = try await site.settings.current()
        guard let links = TorrentLinks(video, site: site, settings: settings, request: visit.request),
            let infoBytes = try await site.store.torrents.infoBytes(links.torrent.infoHash)
        else { throw Refusal.noTorrent }
        let layers =
            links.torrent.infoHashV2 == nil ? [:] : try await site.store.torrents.pieceLayers(links.torrent.infoHash)
        let file = try links.torrentFile(
            infoBytes: infoBytes, pieceLayers: layers,
            clipIndexes: await site.publisher.clips.torrentIndex(of: video.media))
        var response = Response.bytes(file, contentType: "application/x-bittorrent")
        response.headers[.contentDisposition] =
            ContentDisposition(.attachment, fileName: video.media.fileName + ".torrent").formatted
        return response
    }
}

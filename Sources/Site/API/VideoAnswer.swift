import Catalog
import HTTPTypes
import WebServer

/// Videos as answers of the API, their links made for the request.
struct VideoAnswer {
    let site: SiteContext

    /// One video.
    func one(_ video: Video, _ request: Request, status: HTTPResponse.Status = .ok) async throws -> Response {
        let settings = try await site.settings.current()
        var response = Response.json(JSONText.encode(json(video, request, settings)), status: status)
        if status == .created { response.headers[.location] = "/api/v1/videos/\(video.id)" }
        return response
    }

    /// A page of videos.
    func page(_ page: Page<Video>, _ request: Request) async throws -> Response {
        let settings = try await site.settings.current()
        let list = ListJSON(
            videos: page.items.map { json($0, request, settings) }, page: page.number, pages: page.pageCount,
            total: page.total)
        return .json(JSONText.encode(list))
    }

    private func json(_ video: Video, _ request: Request, _ settings: SiteSettings) -> VideoJSON {
        let links =
            video.state == .published
            ? TorrentLinks(video, site: site, settings: settings, request: request) : nil
        return VideoJSON(
            video: video, base: BaseURL(request, addresses: site.addresses), torrent: links,
            swarm: links.map { site.reading($0.torrent.infoHash) })
    }

    private struct ListJSON: Encodable {
        let videos: [VideoJSON]
        let page: Int
        let pages: Int
        let total: Int
    }
}

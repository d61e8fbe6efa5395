import Catalog
import HTTPTypes
import WebServer

/// Clips as answers of the API, their links made for the request.
struct ClipAnswer {
    let site: SiteContext
    let request: Request

    /// One clip.
    func one(_ clip: Clip, _ video: Video, status: HTTPResponse.Status = .ok) -> Response {
        var response = Response.json(JSONText.encode(json(clip, video)), status: status)
        if status == .created { response.headers[.location] = "/api/v1/clips/\(clip.id)" }
        return response
    }

    /// A clip as part of an answer.
    func json(_ clip: Clip, _ video: Video) -> ClipJSON {
        ClipJSON(
            clip: clip, video: video, origin: BaseURL(request, addresses: site.addresses).origin,
            ending: site.endings(of: video).best)
    }
}

import Catalog
import HTTPTypes
import WebServer

/// `POST /upload`: takes the form's film. Scripts that ask for JSON get the video, browsers are sent to its page.
struct UploadVideo: UploadAct {
    let site: SiteContext

    func callAsFunction(_ visit: Visit, _ parts: UploadParts) async throws -> Response {
        let receiver = UploadReceiver(site: site, owner: try visit.user(), fields: .lenient)
        let video = try await receiver.receive(parts)
        guard ErrorPages.wantsJSON(visit.request) else { return .redirect(to: VideoPaths(video.slug).page) }
        return try await VideoAnswer(site: site).one(video, visit.request, status: .created)
    }
}

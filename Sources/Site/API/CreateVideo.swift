import HTTPTypes
import WebServer

/// `POST /api/v1/videos`: takes a film as multipart `title`, `description`, `tags`, `file`; 201 with the video.
struct CreateVideo: UploadAct {
    let site: SiteContext

    func callAsFunction(_ visit: Visit, _ parts: UploadParts) async throws -> Response {
        let receiver = UploadReceiver(
            site: site, owner: try visit.user(), fields: .strict, idempotencyKey: try IdempotencyKey.of(visit.request))
        return try await VideoAnswer(site: site).one(
            try await receiver.receive(parts), visit.request, status: .created)
    }
}

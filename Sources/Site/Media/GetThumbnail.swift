import Catalog
import HTTPTypes
import HTTPWire
import Store
import WebServer

/// `GET /videos/{slug}/thumbnail.jpg`: a picture that we decoded and encoded ourselves.
struct GetThumbnail: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let video = try await site.publishedVideo(visit.slug())
        guard video.hasThumbnail, let picture = try await site.store.media.thumbnail(of: video.media.id) else {
            throw HTTPError(.notFound, code: "no_thumbnail", message: "This video has no picture.")
        }
        let content = RangedContent(
            size: Int64(picture.count), etag: video.media.etag + "-t", contentType: "image/jpeg",
            headers: [.cacheControl: "public, max-age=300"],
            source: .reader { range, writer in
                try await writer.write(Array(picture[Int(range.lowerBound)..<Int(range.upperBound)]))
            })
        return content.respond(to: visit.request)
    }
}

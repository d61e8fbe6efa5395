import Catalog
import HTTPTypes
import HTTPWire
import Store
import WebServer

/// `GET /videos/{slug}/storyboard.jpg`: small pictures of the whole film on one sheet, made by us.
struct GetStoryboard: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let slug = try visit.slug()
        let video = try await site.recentVideos.value(slug) { try await site.publishedVideo(slug) }
        guard let picture = try await site.store.media.storyboardPicture(of: video.media.id) else {
            throw HTTPError(.notFound, code: "no_storyboard", message: "This video has no storyboard.")
        }
        let content = RangedContent(
            size: Int64(picture.count), etag: video.media.etag + "-s", contentType: "image/jpeg",
            headers: [.cacheControl: "public, max-age=3600"],
            source: .reader { range, writer in
                try await writer.write(Array(picture[Int(range.lowerBound)..<Int(range.upperBound)]))
            })
        return content.respond(to: visit.request)
    }
}

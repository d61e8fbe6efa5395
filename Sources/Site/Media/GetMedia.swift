import Catalog
import HTTPTypes
import HTTPWire
import Publishing
import WebServer

/// `GET /videos/{slug}/media` and `/videos/{slug}/media/{name}`: the film's bytes, with ranges.
///
/// The type is the one our own probe found, never one that a client or a name claims; the answer is sandboxed, so that
/// a file which is also something else does nothing when it is opened directly.
struct GetMedia: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let slug = try visit.slug()
        let video = try await site.recentVideos.value(slug) { try await site.publishedVideo(slug) }
        let media = video.media
        if let name = visit.request.parameters["name"], !name.utf8.elementsEqual(media.fileName.utf8) {
            throw HTTPError.notFound
        }
        let wantsDownload = visit.request.query.first("download") == "1"
        let content = RangedContent(
            size: media.size, etag: media.etag, lastModified: video.createdAt.seconds, contentType: media.mediaType,
            disposition: ContentDisposition(wantsDownload ? .attachment : .inline, fileName: media.fileName).formatted,
            headers: Self.headers, source: try await source(of: media))
        return content.respond(to: visit.request)
    }

    /// What goes with bytes from users: a browser that opens them runs nothing in them.
    static let headers: HTTPFields = [
        .contentSecurityPolicy: SecurityHeaders.policy + "; sandbox",
        .cacheControl: "public, max-age=0, must-revalidate",
    ]

    private func source(of media: MediaSummary) async throws -> RangedContent.Source {
        switch await site.cache.content(of: media) {
        case .file(let file):
            return .file(try withExtendedLifetime(file) { try OpenFile(duplicating: file.descriptor) })
        case .chunks(_, let read):
            return .reader { range, writer in try await read(range) { try await writer.write($0) } }
        }
    }
}

import ByteCoding
import Catalog
import ClipIndex
import HTTPTypes
import HTTPWire
import Publishing
import WebServer

/// `GET /videos/{slug}/clip.{ending}?start=&end=[&mode=fast|exact|audio]`: a part of the film as a file of its own.
///
/// A clip that was cut into a file has a length, an entity tag and ranges. A longer one, or one in a form that is
/// written from front to back, is sent while it is made, and given up when the client leaves. Like the film's own bytes
/// it is sandboxed.
struct GetClip: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let slug = try visit.slug()
        let request = visit.request
        let video = try await site.recentVideos.value(slug) { try await site.publishedVideo(slug) }
        let times = try ClipTimeText(request.query).times(in: video)
        let order = try site.endings(of: video)
            .order(times, ending: request.parameters["ending"] ?? "", mode: request.query.first("mode"))
        let desk = site.publisher.clips
        if request.method == .head {
            if let file = try await desk.kept(video, order) {
                return try answer(file, video, order).respond(to: request)
            }
            guard try await desk.isFile(video, order) else {
                return Response(headers: streamed(video, order), body: .stream(length: nil) { _ in })
            }
        }
        do {
            switch try await desk.cut(video, order, for: Self.asker(request)) {
            case .file(let file): return try answer(file, video, order).respond(to: request)
            case .stream(let stream): return answer(stream, video, order)
            }
        } catch is CancellationError { throw ClientGone() }
    }

    /// Who cuts are counted for: the address, of IPv6 the /64, which is what one customer gets. Nil for programs on this
    /// machine, such as a proxy that is not said to be one.
    private static func asker(_ request: Request) -> String? {
        let address = request.client.address
        guard address.scope != .loopback else { return nil }
        return "\(address.isIPv4 ? address : address.prefix(64))"
    }

    private func answer(_ file: CutFile, _ video: Video, _ order: ClipOrder) throws -> RangedContent {
        RangedContent(
            size: file.size, etag: file.etag, contentType: order.format.mediaType,
            disposition: disposition(video, order), headers: Self.begun(file.actualStart, GetMedia.headers),
            source: .file(try OpenFile(duplicating: file.descriptor, of: file)))
    }

    private func answer(_ stream: CutStream, _ video: Video, _ order: ClipOrder) -> Response {
        Response(
            headers: Self.begun(stream.actualStart, streamed(video, order)),
            body: .stream(length: nil) { writer in try await stream.send { try await writer.write($0) } })
    }

    /// The whole of it is known to nobody while it is made.
    private func streamed(_ video: Video, _ order: ClipOrder) -> HTTPFields {
        var headers = GetMedia.headers
        headers[.contentType] = order.format.mediaType
        headers[.contentDisposition] = disposition(video, order)
        headers[.acceptRanges] = "none"
        headers[.cacheControl] = "no-store"
        return headers
    }

    private static func begun(_ actualStart: Double, _ headers: HTTPFields) -> HTTPFields {
        var headers = headers
        headers[.xActualStart] = ClipTime.number(actualStart)
        return headers
    }

    private func disposition(_ video: Video, _ order: ClipOrder) -> String {
        let end = min(order.times.end, video.media.duration ?? order.times.end)
        let name = ClipName.of(video.media.fileName, start: order.times.start, end: end, ending: order.format.ending)
        return ContentDisposition(.attachment, fileName: name).formatted
    }
}

extension HTTPField.Name {
    /// Seconds of the film at which the bytes of a clip begin.
    static var xActualStart: HTTPField.Name { HTTPField.Name("X-Actual-Start") ?? .referer }
}

import HTTPTypes
import HTTPWire

extension RangedContent {
    /// Answers a GET or HEAD: 200, 206 (one part or several), 304, 412 or 416.
    public func respond(to request: Request) -> Response {
        let tag = EntityTag(etag)
        switch Preconditions(request.headers, method: request.method, etag: tag, lastModified: lastModified) {
        case .failed:
            return plain(
                HTTPError(.preconditionFailed, code: "precondition_failed", message: "The content is another version."))
        case .notModified:
            return Response(status: .notModified, headers: validators(tag))
        case .proceed(let honoursRange):
            let values = honoursRange ? request.headers[values: .range] : []
            return respond(ByteRanges(values.count == 1 ? values[0] : nil, size: size), tag)
        }
    }

    private func respond(_ ranges: ByteRanges, _ tag: EntityTag) -> Response {
        switch ranges {
        case .unsatisfiable:
            var response = plain(
                HTTPError(.rangeNotSatisfiable, code: "bad_range", message: "The content has no such range."))
            response.headers[.contentRange] = "bytes */\(size)"
            return response
        case .whole:
            return Response(headers: described(tag), body: body(0..<size))
        case .partial(let ranges) where ranges.count == 1:
            var headers = described(tag)
            headers[.contentRange] = contentRange(ranges[0])
            return Response(status: .partialContent, headers: headers, body: body(ranges[0]))
        case .partial(let ranges):
            let parts = ByteRangesBody(content: self, ranges: ranges)
            var headers = described(tag)
            headers[.contentType] = "multipart/byteranges; boundary=\(parts.boundary)"
            return Response(
                status: .partialContent, headers: headers,
                body: .stream(length: parts.length) { try await parts.write(to: $0) })
        }
    }

    private func plain(_ error: HTTPError) -> Response {
        var response = Router.plainText(error)
        response.headers[.acceptRanges] = "bytes"
        return response
    }

    private func validators(_ tag: EntityTag) -> HTTPFields {
        var fields = headers
        fields[.eTag] = tag.formatted
        if let lastModified { fields[.lastModified] = HTTPDate.format(lastModified) }
        return fields
    }

    private func described(_ tag: EntityTag) -> HTTPFields {
        var fields = validators(tag)
        fields[.acceptRanges] = "bytes"
        fields[.contentType] = contentType
        if let disposition { fields[.contentDisposition] = disposition }
        return fields
    }

    func contentRange(_ range: Range<Int64>) -> String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
    }

    private func body(_ range: Range<Int64>) -> ResponseBody {
        switch source {
        case .file(let file): .file(file, range)
        case .reader(let read): .stream(length: range.upperBound - range.lowerBound) { try await read(range, $0) }
        }
    }
}

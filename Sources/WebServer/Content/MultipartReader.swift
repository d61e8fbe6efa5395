public import HTTPTypes
public import HTTPWire

/// Reads a `multipart/form-data` body part by part, as it arrives.
///
/// ```swift
/// let reader = try MultipartReader(request)
/// while let part = try await reader.next() {
///     for try await chunk in part { … }
/// }
/// ```
/// What of a part is not read is skipped by `next`. Reading throws `HTTPError` 400 or 413 for a malformed or
/// oversized form, and what reading the body throws.
public actor MultipartReader {
    private var body: RequestBody.Iterator
    private var parser: MultipartParser
    private var partNumber = 0
    private var isInsidePart = false
    private var isEnded = false

    /// Reads that body.
    public init(body: RequestBody, boundary: MultipartBoundary, limits: MultipartLimits = MultipartLimits()) {
        self.body = body.makeAsyncIterator()
        parser = MultipartParser(boundary: boundary, limits: limits)
    }

    /// Reads a request's body.
    ///
    /// - Throws: `HTTPError` 415 unless it is a multipart form with a valid boundary (400).
    public init(_ request: Request, limits: MultipartLimits = MultipartLimits()) throws {
        let type = request.headers[.contentType] ?? ""
        guard type.lowercased().hasPrefix("multipart/form-data") else {
            throw HTTPError(
                .unsupportedMediaType, code: "not_multipart", message: "This address takes a multipart form.")
        }
        guard let boundary = MultipartBoundary(contentType: type) else { throw Self.httpError(.noBoundary) }
        body = request.body.makeAsyncIterator()
        parser = MultipartParser(boundary: boundary, limits: limits)
    }

    /// The next part, nil after the last one.
    public func next() async throws -> Part? {
        while isInsidePart { _ = try await chunk(of: partNumber) }
        guard !isEnded else { return nil }
        while true {
            switch try await event() {
            case .part(let head):
                partNumber += 1
                isInsidePart = true
                return Part(head: head, number: partNumber, reader: self)
            case .end:
                isEnded = true
                try await skipEpilogue()
                return nil
            case .data, .partEnd, .needsMore: continue
            }
        }
    }

    fileprivate func chunk(of number: Int) async throws -> [UInt8]? {
        guard isInsidePart, number == partNumber else { return nil }
        switch try await event() {
        case .data(let bytes): return bytes
        default:
            isInsidePart = false
            return nil
        }
    }

    /// The next event, with as much of the body as it takes.
    private func event() async throws -> MultipartParser.Event {
        do {
            while true {
                let event = try parser.next()
                guard event == .needsMore else { return event }
                guard let bytes = try await nextBytes() else { throw MultipartError.unfinished }
                parser.push(bytes)
            }
        } catch let error as MultipartError {
            isEnded = true
            isInsidePart = false
            throw Self.httpError(error)
        }
    }

    private func nextBytes() async throws -> [UInt8]? {
        var body = body
        let bytes = try await body.next()
        self.body = body
        return bytes
    }

    /// What follows the last boundary is dropped, so that the connection can be kept; not without end.
    private func skipEpilogue() async throws {
        var left = 65_536
        while left > 0, let bytes = try await nextBytes() { left -= bytes.count }
    }

    static func httpError(_ error: MultipartError) -> HTTPError {
        switch error {
        case .noBoundary: .badRequest("The form has no valid boundary.", code: "bad_form")
        case .malformed: .badRequest("The form is malformed.", code: "bad_form")
        case .unfinished: .badRequest("The form ended before its last boundary.", code: "bad_form")
        case .tooManyParts: HTTPError(.contentTooLarge, code: "too_many_parts", message: "The form has too many parts.")
        case .headersTooLarge:
            HTTPError(.contentTooLarge, code: "part_headers_too_large", message: "A part's headers are too large.")
        }
    }

    /// One part: its head, and its data as a sequence of chunks that is read at most once.
    public struct Part: AsyncSequence, Sendable {
        /// The part's head.
        public let head: MultipartPart
        let number: Int
        let reader: MultipartReader

        /// The field's name.
        public var name: String { head.name }
        /// The file's name as the client sent it, nil when the part is no file.
        public var fileName: String? { head.fileName }
        /// The media type the client claims.
        public var contentType: String? { head.contentType }
        /// The part's header fields.
        public var headers: HTTPFields { head.headers }

        /// Reads the chunks in order.
        public func makeAsyncIterator() -> Iterator { Iterator(part: self) }

        /// The whole part.
        ///
        /// - Throws: `HTTPError` 413 when it is longer than `limit` bytes.
        public func collect(upTo limit: Int = 65_536) async throws -> [UInt8] {
            var whole: [UInt8] = []
            for try await chunk in self {
                guard chunk.count <= limit - whole.count else { throw HTTPError.tooLarge(limit: Int64(limit)) }
                whole.append(contentsOf: chunk)
            }
            return whole
        }

        /// The whole part as text.
        ///
        /// - Throws: `HTTPError` 413 when it is longer than `limit` bytes, 400 when it is not UTF-8.
        public func text(upTo limit: Int = 65_536) async throws -> String {
            guard let text = String(validating: try await collect(upTo: limit), as: UTF8.self) else {
                throw HTTPError.badRequest("The field \(name) is not UTF-8.", code: "bad_form")
            }
            return text
        }

        /// Takes one chunk after the other.
        public struct Iterator: AsyncIteratorProtocol {
            let part: Part

            /// The next chunk, nil at the end of the part.
            public mutating func next() async throws -> [UInt8]? {
                try await part.reader.chunk(of: part.number)
            }
        }
    }
}

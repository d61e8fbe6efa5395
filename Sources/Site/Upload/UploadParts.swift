import HTTPTypes
import HTTPWire
import WebServer

/// The parts of a form with a file, read one after the other as they arrive.
struct UploadParts {
    /// The most bytes of a part that is not the file.
    private static let fieldLimit = 64 << 10

    private var parser: MultipartParser
    private var body: RequestBody.Iterator
    /// The length of the whole request, where it was declared.
    let contentLength: Int64?

    /// - Throws: 415 when the body is no form with parts.
    init(_ request: Request) throws {
        guard let type = request.headers[.contentType], type.lowercased().hasPrefix("multipart/form-data") else {
            throw HTTPError(
                .unsupportedMediaType, code: "not_multipart", message: "This address takes multipart/form-data.")
        }
        guard let boundary = MultipartBoundary(contentType: type) else {
            throw HTTPError.badRequest("The form names no valid boundary.", code: "bad_boundary")
        }
        parser = MultipartParser(boundary: boundary)
        body = request.body.makeAsyncIterator()
        contentLength = request.body.contentLength
    }

    /// Reads the first part, which must be the form token; anything else is 403, before a byte of a file is kept.
    mutating func requireToken(_ expected: String) async throws {
        guard let part = try await nextPart(), part.name == "csrf", part.fileName == nil,
            isSameToken(try await text(), expected)
        else { throw Refusal.badForm }
    }

    /// The head of the next part; nil after the last. The part before must have been read to its end.
    mutating func nextPart() async throws -> MultipartPart? {
        switch try await nextEvent() {
        case .part(let part): return part
        case .end: return nil
        default: throw Self.broken
        }
    }

    /// The next data of the part; nil at its end.
    mutating func nextData() async throws -> [UInt8]? {
        switch try await nextEvent() {
        case .data(let bytes): return bytes
        case .partEnd: return nil
        default: throw Self.broken
        }
    }

    /// The whole part as text.
    ///
    /// - Throws: 413 over 64 KiB, 400 when it is not UTF-8.
    mutating func text() async throws -> String {
        var whole: [UInt8] = []
        while let data = try await nextData() {
            guard data.count <= Self.fieldLimit - whole.count else {
                throw HTTPError(.contentTooLarge, code: "field_too_large", message: "A field of the form is too long.")
            }
            whole += data
        }
        guard let text = String(validating: whole, as: UTF8.self) else {
            throw HTTPError.badRequest("A field of the form is not UTF-8 text.", code: "not_utf8")
        }
        return text
    }

    private mutating func nextEvent() async throws -> MultipartParser.Event {
        while true {
            do {
                let event = try parser.next()
                if event != .needsMore { return event }
                guard let bytes = try await body.next() else {
                    try parser.finish()
                    return .end
                }
                parser.push(bytes)
            } catch let error as MultipartError {
                throw Self.refusal(error)
            }
        }
    }

    private static let broken = HTTPError.badRequest("The form is broken.", code: "bad_form")

    private static func refusal(_ error: MultipartError) -> HTTPError {
        switch error {
        case .tooManyParts, .headersTooLarge:
            HTTPError(.contentTooLarge, code: "bad_form", message: "The form has too many parts, or a too long one.")
        case .unfinished: HTTPError.badRequest("The form ends before its end.", code: "unfinished_form")
        case .noBoundary, .malformed: broken
        }
    }
}

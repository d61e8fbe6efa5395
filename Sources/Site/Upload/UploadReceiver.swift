import Catalog
import HTTPTypes
import HTTPWire
import Publishing
import WebServer

/// Takes a film in: the words, the bytes as they come, and at the end one published video. Whatever goes wrong on the
/// way, the received bytes are given up.
struct UploadReceiver: Sendable {
    /// Whether unknown fields are refused (the API) or passed over (browsers).
    enum Fields: Sendable { case strict, lenient }

    private struct Received {
        var media: ReceivedMedia
        var fileName: String
    }

    let site: SiteContext
    let owner: User
    let fields: Fields
    var idempotencyKey: String?

    /// Refuses a request that is larger than any allowed upload, before its body is read.
    static func checkLength(_ request: Request, limit: Int64) throws {
        guard let length = request.body.contentLength, length > limit, length - limit > 1 << 20 else { return }
        throw HTTPError(
            .contentTooLarge, code: PublishingError(.tooLarge).code,
            message: "This file is larger than the \(ByteWords.binary(limit)) that this site takes.")
    }

    /// Reads all parts and publishes.
    func receive(_ parts: UploadParts) async throws -> Video {
        var parts = parts
        var words = UploadWords()
        var received: Received?
        do {
            while let part = try await parts.nextPart() {
                if part.name == "file" {
                    guard received == nil else { throw Self.refusal("Send one file at a time.", "two_files") }
                    try words.check()
                    received = try await takeFile(part, &parts)
                } else {
                    try await takeField(part, &parts, &words)
                }
            }
            guard let received else { throw Self.refusal("Choose a film first.", "no_file") }
            let video = try words.newVideo(fileName: received.fileName, owner: owner.id)
            return try await site.publisher.publish(received.media, as: video, idempotencyKey: idempotencyKey)
        } catch {
            await received?.media.abandon()
            throw error
        }
    }

    private func takeField(
        _ part: MultipartPart, _ parts: inout UploadParts, _ words: inout UploadWords
    ) async throws {
        let text = try await parts.text()
        if UploadWords.names.contains(part.name), part.fileName == nil {
            guard words.fields.updateValue(text, forKey: part.name) == nil else {
                throw Self.refusal("The field \(part.name) was sent twice.", "repeated_field")
            }
        } else if fields == .strict {
            throw Self.refusal("An upload has the fields title, description, tags and file.", "unknown_field")
        }
    }

    private func takeFile(_ part: MultipartPart, _ parts: inout UploadParts) async throws -> Received {
        guard let fileName = part.fileName, !fileName.isEmpty else {
            throw Self.refusal("Choose a film first.", "no_file")
        }
        let limit = try await site.settings.current().uploadLimit
        let session = try await site.ingest.begin(
            fileName: fileName, declaredSize: parts.contentLength, limit: limit)
        do {
            while let data = try await parts.nextData() { try await session.write(data) }
            return Received(media: try await session.finish(), fileName: fileName)
        } catch {
            await session.abandon()
            throw error
        }
    }

    private static func refusal(_ sentence: String, _ code: String) -> HTTPError {
        HTTPError.badRequest(sentence, code: code)
    }
}

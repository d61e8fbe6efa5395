import Catalog
import ClipIndex
import HTTPWire
import WebServer

/// The two moments of a clip as a link or a form names them, not looked at yet.
struct ClipTimeText: Sendable, Equatable {
    /// What was typed for the start; empty for nothing.
    let start: String
    /// What was typed for the end; empty for nothing.
    let end: String

    /// The fields `start` and `end`.
    init(_ fields: FormFields) { self.init(start: fields.first("start") ?? "", end: fields.first("end") ?? "") }

    /// Texts longer than any moment are cut, so that they can be shown again.
    init(start: String, end: String) {
        self.start = String(start.unicodeScalars.prefix(40))
        self.end = String(end.unicodeScalars.prefix(40))
    }

    /// Whether nothing was named.
    var isEmpty: Bool { start.isEmpty && end.isEmpty }

    /// The moments, both in seconds or as `h:mm:ss`. Whether they lie in the film is for others to say.
    ///
    /// - Throws: 400 `bad_range` with a sentence that says how long the film is.
    func times(in video: Video) throws -> ClipTimes {
        guard let first = ClipTime.parse(start), let last = ClipTime.parse(end) else {
            let missing = start.isEmpty ? " The start is missing." : end.isEmpty ? " The end is missing." : ""
            throw Self.refusal(video, missing)
        }
        return ClipTimes(start: first, end: last)
    }

    /// What moments are, and how long the film is.
    static func refusal(_ video: Video, _ fault: String = "") -> HTTPError {
        let length = video.media.duration.map { " This film is \(ClipTime.text($0)) long." } ?? ""
        return HTTPError.badRequest(
            "A clip has a start and an end, each in seconds (62.5) or as h:mm:ss.\(fault)\(length)", code: "bad_range")
    }
}

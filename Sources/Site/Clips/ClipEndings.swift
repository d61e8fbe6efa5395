import Catalog
import HTTPTypes
import Publishing
import Synchronization
import WebServer

/// Which files a film's clips can be, by the endings of their names; the best first.
struct ClipEndings: Sendable, Equatable {
    /// What a copy can be that keeps the picture.
    let fast: [String]
    /// What can be encoded anew.
    let exact: [String]
    /// What a copy of its sound alone can be.
    let audio: [String]
    /// What its sound alone can be encoded into.
    let exactAudio: [String]

    /// What loses the film's subtitles, of those with a picture.
    let withoutSubtitles: [String]

    /// The endings of a film.
    init(_ media: MediaSummary, _ desk: ClipDesk) {
        let (copies, encodings) = (desk.formats(of: media, .fast), desk.formats(of: media, .exact))
        fast = copies.map(\.ending)
        exact = encodings.map(\.ending)
        let pictures = Set(copies + encodings).filter { !$0.soundOnly }
        withoutSubtitles = desk.leavingOutSubtitles(Array(pictures), of: media).map(\.ending).sorted()
        audio = desk.formats(of: media, .audio).map(\.ending)
        exactAudio = desk.encodedSounds(of: media).map(\.ending)
    }

    /// All endings that a copy can have, those with sound alone last.
    var copies: [String] { fast + audio.filter { !fast.contains($0) } }

    /// The ending for those who name none; nil where the film cannot be cut.
    var best: String? { fast.first }

    /// The endings of a mode.
    func of(_ mode: ClipMode) -> [String] {
        switch mode {
        case .fast: fast
        case .exact: exact
        case .audio: audio
        }
    }

    /// What an address asks for. Whether the film fits into such a file is said where it is cut.
    ///
    /// - Throws: 400 for a mode that is none, 415 for an ending that is none, with those that fit.
    func order(_ times: ClipTimes, ending: String, mode: String?) throws -> ClipOrder {
        guard let mode = ClipMode(rawValue: mode ?? ClipMode.fast.rawValue) else {
            let names = ClipMode.allCases.map(\.rawValue)
            throw HTTPError.badRequest("The mode is \(Self.list(names)).", code: "bad_mode")
        }
        guard let format = ClipFormat(ending: ending.lowercased()) else {
            throw Self.refusal(mode == .fast ? copies : of(mode))
        }
        return ClipOrder(times: times, format: format, mode: mode)
    }

    private static func refusal(_ fitting: [String]) -> HTTPError {
        let sentence =
            fitting.isEmpty
            ? "This film cannot be clipped in this way." : "This film can be clipped as \(list(fitting))."
        return HTTPError(.unsupportedMediaType, code: "cannot_clip", message: sentence)
    }

    private static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}

/// The endings of films that were shown lately: a content's never change, and reading the prober's JSON for each page
/// would cost more than the rest.
final class ClipEndingsCache: Sendable {
    private static let capacity = 512
    private let known = Mutex<[MediaID: ClipEndings]>([:])

    /// The endings of a film.
    func endings(of media: MediaSummary, _ desk: ClipDesk) -> ClipEndings {
        if let endings = known.withLock({ $0[media.id] }) { return endings }
        let endings = ClipEndings(media, desk)
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[media.id] = endings
        }
        return endings
    }
}

extension SiteContext {
    /// Which files a film's clips can be.
    func endings(of video: Video) -> ClipEndings { clipEndings.endings(of: video.media, publisher.clips) }
}

/// Why a file could not be read as media, with a sentence for whoever brought it.
public struct MediaError: Error, Equatable, Sendable {
    /// What kind of failure it was; `rawValue` is the `code` of an API error.
    public enum Kind: String, Sendable, CaseIterable {
        /// No listed container, or one without picture and sound.
        case notAVideo = "not_a_video"
        /// The work needs a decoder that is not on the allow-list. No probe ends so: a film in a listed container is
        /// published without thumbnail when no listed decoder shows it.
        case codecNotAllowed = "codec_not_allowed"
        /// The container is known, its content is damaged beyond reading.
        case broken
        /// The work took longer than its kind may.
        case timedOut = "timed_out"
        /// The file itself could not be opened: gone, not allowed, or no regular file.
        case unreadable
        /// The worker could not be started, died, or answered nonsense; trying again may help.
        case workerFailed = "worker_failed"
    }

    /// What kind of failure it was.
    public let kind: Kind
    /// A sentence that may be shown to anyone.
    public let message: String
    /// What the worker or the system said, for the log only; at most 300 bytes.
    public let detail: String

    /// An error of `kind` with its sentence.
    public init(_ kind: Kind, detail: String = "") {
        self.kind = kind
        self.message = kind.sentence
        self.detail = String(detail.prefix(300))
    }
}

extension MediaError.Kind {
    /// The sentence for this kind of failure.
    public var sentence: String {
        switch self {
        case .notAVideo: "This file is not a film or sound that Reelswarm can read."
        case .codecNotAllowed: "This film uses a codec that Reelswarm does not open."
        case .broken: "This file is damaged and cannot be read."
        case .timedOut: "Reading this file took too long."
        case .unreadable: "This file could not be opened."
        case .workerFailed: "This file could not be examined."
        }
    }
}

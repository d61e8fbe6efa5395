/// Why a film could not be taken in, changed or handed out: a kind for programs, a sentence for people.
public struct PublishingError: Error, Equatable, Sendable {
    /// The closed set of reasons.
    public enum Kind: String, Sendable, CaseIterable {
        /// The bytes are no film or sound of a kind this site takes (422).
        case notAVideo = "not_a_video"
        /// A film whose codecs are not on the list (422).
        case codecNotAllowed = "codec_not_allowed"
        /// A film that breaks off or contradicts itself (422).
        case broken = "broken"
        /// No byte came (422).
        case empty = "empty_file"
        /// More bytes than the upload limit (413).
        case tooLarge = "too_large"
        /// The disk of the cache or of the database is full (507).
        case storageFull = "storage_full"
        /// The database or the media worker does not answer; try again (503).
        case unavailable = "unavailable"
        /// Whether the film was published is not known; asking again with the same idempotency key tells (503).
        case unknownOutcome = "unknown_outcome"
        /// There is no such video, or it belongs to someone else (404).
        case notFound = "not_found"
        /// The video is not in the state this action needs, or someone changed it at the same time (409).
        case conflict = "conflict"
        /// A field breaks its rule; the sentence says which (400).
        case invalid = "invalid"
        /// Start and end are no part of the film; the sentence says how long it is (400).
        case badRange = "bad_range"
        /// A clip longer than may be encoded anew (400).
        case clipTooLong = "clip_too_long"
        /// The film has no clip index, or not yet (404).
        case noClipIndex = "no_clip_index"
        /// The film cannot be cut so; the sentence names what fits (415).
        case cannotClip = "cannot_clip"
        /// Too many clips are being cut; try again (503).
        case busy = "busy"
        /// The visitor waits for as many clips as one may (429).
        case tooManyCuts = "too_many_cuts"
        /// A fault of ours (500).
        case internalFault = "internal"
    }

    /// The reason.
    public let kind: Kind
    /// A sentence for people; names no path, query or version.
    public let message: String
    /// Seconds after which asking again may help; nil where that is not known.
    public let retryAfter: Int?

    /// Makes an error; without `message` the kind's own sentence is taken.
    public init(_ kind: Kind, _ message: String? = nil, retryAfter: Int? = nil) {
        self.kind = kind
        self.message = message ?? kind.sentence
        self.retryAfter = retryAfter
    }

    /// The word for API answers.
    public var code: String { kind.rawValue }

    /// The HTTP status that says the same.
    public var status: Int {
        switch kind {
        case .notAVideo, .codecNotAllowed, .broken, .empty: 422
        case .tooLarge: 413
        case .storageFull: 507
        case .unavailable, .unknownOutcome, .busy: 503
        case .notFound, .noClipIndex: 404
        case .conflict: 409
        case .invalid, .badRange, .clipTooLong: 400
        case .cannotClip: 415
        case .tooManyCuts: 429
        case .internalFault: 500
        }
    }
}

extension PublishingError.Kind {
    /// What people read when nothing more precise is known.
    var sentence: String {
        switch self {
        case .notAVideo: "This file is not a film or sound that this site can read."
        case .codecNotAllowed: "This film uses a codec that this site does not take."
        case .broken: "This file is damaged: it could not be read to the end of its facts."
        case .empty: "This file is empty."
        case .tooLarge: "This file is larger than this site takes."
        case .storageFull: "The site's disk is full at the moment. Nothing was stored; try again later."
        case .unavailable: "The site cannot store films at the moment. Try again in a few seconds."
        case .unknownOutcome: "It is not known whether the film was published. Look at your list before you try again."
        case .notFound: "There is no such video."
        case .conflict: "Someone else changed this at the same time. Load the page again."
        case .invalid: "A field of the form is not right."
        case .badRange: "Start and end are no part of this film."
        case .clipTooLong: "This clip is too long to be cut exactly."
        case .noClipIndex: "There is no clip index of this film, so that it cannot be said where its clips lie."
        case .cannotClip: "This film cannot be cut in this way."
        case .busy: "Many clips are being cut at the moment. Try again in a few seconds."
        case .tooManyCuts: "Clips are being cut for you already. Wait for them first."
        case .internalFault: "Something went wrong on our side."
        }
    }
}

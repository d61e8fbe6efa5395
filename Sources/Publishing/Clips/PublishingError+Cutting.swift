import Media

extension PublishingError {
    /// What a failed cut means for whoever asked.
    init(_ error: CutError) {
        switch error.code {
        case .badInterval, .beyondEnd: self.init(.badRange, error.message)
        case .codecUnfit, .notCuttable: self.init(.cannotClip, error.message)
        case .tooLong: self.init(.clipTooLong, error.message)
        case .outputFailed: self.init(.storageFull, "There is no room for this clip on the site's disk.")
        case .occupied: self = .fault(error.message)
        case .source: self = error.cause.map { PublishingError(cutting: $0) } ?? PublishingError(.unavailable)
        }
    }

    private init(cutting error: MediaError) {
        switch error.kind {
        case .notAVideo, .codecNotAllowed: self.init(.cannotClip, error.message)
        case .timedOut: self.init(.cannotClip, "Cutting this clip took too long.")
        case .broken: self.init(.broken, "The film is damaged there and cannot be cut.")
        case .unreadable, .workerFailed:
            self.init(.unavailable, "The film cannot be cut at the moment. Try again in a few seconds.", retryAfter: 5)
        }
    }
}

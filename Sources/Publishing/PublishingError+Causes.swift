import Media
import Store

extension PublishingError {
    /// What a failed store call means for the one who uploads or asks.
    init(_ error: StoreError) {
        switch error.code {
        case .unavailable, .busy, .readOnly: self.init(.unavailable)
        case .unknownOutcome: self.init(.unknownOutcome)
        case .notFound: self.init(.notFound)
        case .conflict: self.init(.conflict, error.message)
        case .storageFull: self.init(.storageFull)
        case .invalidValue: self.init(.invalid, error.message)
        case .broken: self.init(.internalFault)
        }
    }

    /// What a failed probe means for the one who uploads.
    init(_ error: MediaError) {
        switch error.kind {
        case .notAVideo: self.init(.notAVideo, error.message)
        case .codecNotAllowed: self.init(.codecNotAllowed, error.message)
        case .broken, .timedOut: self.init(.broken, error.message)
        case .unreadable, .workerFailed: self.init(.unavailable, error.message)
        }
    }
}

/// Runs a store call with this module's errors.
func storing<T>(_ call: () async throws(StoreError) -> T) async throws(PublishingError) -> T {
    do {
        return try await call()
    } catch {
        throw PublishingError(error)
    }
}

import Logging
import Media
import Store

extension PublishingError {
    /// Where faults of ours are written down.
    @TaskLocal static var faults = Logger(label: "publishing")

    /// A fault of ours: whoever asked hears only that there was one, the log says `cause`.
    static func fault(_ cause: String) -> PublishingError {
        faults.error("fault", metadata: ["cause": "\(cause)"])
        return PublishingError(.internalFault)
    }

    /// What any failure means; one of a kind that is not known here is a fault of ours.
    init(cause error: any Error) {
        switch error {
        case let error as PublishingError: self = error
        case let error as StoreError: self.init(error)
        case let error as FileError: self.init(error)
        case let error as MediaError: self.init(error)
        case is CancellationError: self.init(.unavailable)
        default: self = .fault("\(error)")
        }
    }

    /// What a failed store call means for the one who uploads or asks.
    init(_ error: StoreError) {
        switch error.code {
        case .unavailable, .busy, .readOnly: self.init(.unavailable)
        case .unknownOutcome: self.init(.unknownOutcome)
        case .notFound: self.init(.notFound)
        case .conflict: self.init(.conflict, error.message)
        case .storageFull: self.init(.storageFull)
        case .invalidValue: self.init(.invalid, error.message)
        case .broken: self = .fault(error.message)
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

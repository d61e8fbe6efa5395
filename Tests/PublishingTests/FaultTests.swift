import Foundation
import Logging
import Store
import Synchronization
import Testing

@testable import Publishing

/// Faults of ours: whoever asked hears that there was one, the log says which.
@Suite struct FaultTests {
    private struct Unforeseen: Error {}

    private func causes(_ body: () -> Void) -> [String] {
        let record = LogRecord()
        PublishingError.$faults.withValue(Logger(label: "test") { _ in record }, operation: body)
        return record.causes
    }

    @Test func theCauseIsInTheLogAndNotInTheAnswer() {
        let found = causes {
            for error in [
                PublishingError(StoreError(.broken, "The database refused: no such thing.")),
                PublishingError(FileError(code: EMFILE)),
                PublishingError(cause: Unforeseen()),
            ] {
                #expect(error == PublishingError(.internalFault))
            }
        }
        #expect(
            found == [
                "The database refused: no such thing.",
                "A file of the cache folder: Too many open files", "Unforeseen()",
            ])
    }

    @Test func whatIsNoFaultIsNotInTheLog() {
        let found = causes {
            #expect(PublishingError(FileError(code: ENOSPC)).kind == .storageFull)
            #expect(PublishingError(cause: StoreError(.busy, "The database is busy just now.")).kind == .unavailable)
            #expect(PublishingError(cause: CancellationError()).kind == .unavailable)
            #expect(PublishingError(cause: PublishingError(.empty)).kind == .empty)
        }
        #expect(found.isEmpty)
    }
}

/// Keeps the causes of errors that are logged.
private final class LogRecord: LogHandler {
    private let kept = Mutex<[String]>([])
    var causes: [String] { kept.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        kept.withLock { $0.append(event.level == .error ? "\(event.metadata?["cause"] ?? "")" : "not an error") }
    }
}

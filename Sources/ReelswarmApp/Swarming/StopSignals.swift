import Foundation
import UnixSignals

/// Ctrl-C and SIGTERM as the way to end work cleanly.
enum StopSignals {
    /// Does the work; at a signal it is cancelled and waited for. A second signal ends the process at once.
    ///
    /// - Returns: what the work returns; nil when it failed because it was cancelled.
    static func orStopped<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value?
    {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let working = Task { try await work() }
        let waiting = Task {
            for await _ in signals {
                signal(SIGINT, SIG_DFL)
                signal(SIGTERM, SIG_DFL)
                working.cancel()
                return
            }
        }
        defer { waiting.cancel() }
        do {
            return try await working.value
        } catch {
            if working.isCancelled { return nil }
            throw error
        }
    }
}

import Foundation
import UnixSignals

/// Ctrl-C and SIGTERM as the way to end work cleanly.
enum StopSignals {
    private static let patience: Duration = .milliseconds(500)

    /// Does the work; at a signal it is cancelled and waited for. A second signal, half a second later or more, ends the
    /// process at once.
    ///
    /// - Returns: what the work returns; nil when it failed because it was cancelled.
    static func orStopped<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value?
    {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let working = Task { try await work() }
        let waiting = Task {
            for await _ in signals {
                working.cancel()
                // Some send it twice, to the process and to its group, and mean it once: timeout(1) does.
                try? await Task.sleep(for: patience)
                signal(SIGINT, SIG_DFL)
                signal(SIGTERM, SIG_DFL)
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

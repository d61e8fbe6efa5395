import Foundation
import Logging
import Subprocess
import Synchronization

/// One run of the server program, our child in a session of its own.
final class Postmaster: Sendable {
    private struct State {
        var number: pid_t?
        var hasEnded = false
        var lastWords: [String] = []
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// The process number; nil before it runs and after its end.
    var number: pid_t? { state.withLock { $0.hasEnded ? nil : $0.number } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }
    /// The last lines it wrote to its standard error: why it would not start.
    var lastWords: String { state.withLock { $0.lastWords.joined(separator: " ") } }

    /// Starts the server of a cluster.
    static func launch(_ home: ClusterHome, _ programs: ClusterPrograms, socket: SocketDirectory) -> Postmaster {
        let postmaster = Postmaster()
        let command = home.user.command(["postgres", "-D", home.data, "-k", socket.path])
        Task.detached {
            do {
                _ = try await Subprocess.run(
                    command.executable, arguments: command.arguments, environment: programs.environment,
                    workingDirectory: rootDirectory(), platformOptions: command.options, input: .none,
                    output: .discarded, error: .sequence
                ) { execution in
                    postmaster.started(execution.processIdentifier.value)
                    for try await line in execution.standardError.strings() { postmaster.said(line) }
                }
            } catch { postmaster.said("\(error)") }
            postmaster.ended()
        }
        return postmaster
    }

    /// Sends a signal, if it runs.
    func signal(_ signal: Int32) {
        if let number { kill(number, signal) }
    }

    /// Returns when the process has ended.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func started(_ number: pid_t) { state.withLock { $0.number = number } }

    private func said(_ line: String) {
        state.withLock {
            $0.lastWords.append(line.trimmingCharacters(in: .whitespacesAndNewlines))
            if $0.lastWords.count > 4 { $0.lastWords.removeFirst() }
        }
    }

    private func ended() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

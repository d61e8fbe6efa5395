import Synchronization

/// Repeats a step until it is told to stop, or its task is cancelled.
final class Maintenance: Sendable {
    private struct State {
        var isStopped = false
        var sleep: Task<Void, Never>?
    }

    private let state = Mutex(State())

    func run(every pause: Duration, _ step: () -> Void) async {
        while !Task.isCancelled {
            let sleep: Task<Void, Never>? = state.withLock { state in
                guard !state.isStopped else { return nil }
                let sleep = Task<Void, Never> { try? await Task.sleep(for: pause) }
                state.sleep = sleep
                return sleep
            }
            guard let sleep else { return }
            await withTaskCancellationHandler {
                await sleep.value
            } onCancel: {
                sleep.cancel()
            }
            step()
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.sleep?.cancel()
        }
    }
}

import Glibc
import Subprocess
import Synchronization

/// A worker that is loaded and waits to be told what to do: to load it takes longer than to cut many a clip.
final class WaitingWorker: Sendable {
    private struct Order: Sendable {
        let reader: AnswerReader
        let listener: WorkerListener
    }

    private let socket: LocalSocket
    private let orders: AsyncStream<Order>.Continuation
    private let end: Task<WorkerProcess.Ended?, any Error>

    /// Starts one. Throws `workerFailed` when there is no socket for it.
    init(_ executable: String) throws(MediaError) {
        let socket = try LocalSocket(ofMessages: true)
        let (heard, orders) = AsyncStream.makeStream(of: Order.self)
        (self.socket, self.orders) = (socket, orders)
        end = Task {
            let input: FileDescriptorInput = .fileDescriptor(
                try WorkerProcess.descriptor(socket.other), closeAfterSpawningProcess: false)
            let result = try await Subprocess.run(
                .path(WorkerProcess.path(executable)), arguments: ["wait"], environment: .custom([:]), input: input,
                output: .discarded, error: .sequence
            ) { execution -> AnswerReader? in
                socket.giveAway()
                for await order in heard {
                    return try await WorkerProcess.listen(to: execution.standardError, order.reader, order.listener)
                }
                return nil
            }
            return result.closureResult.map { WorkerProcess.Ended(status: result.terminationStatus, reader: $0) }
        }
    }

    /// Ends it.
    func dismiss() { end.cancel() }

    /// Has `worker` done, writing `output`; nil when this one is gone and nothing was begun. To be called once.
    func work(_ worker: WorkerProcess.Worker, writing output: CInt) async throws -> WorkerProcess.Ended? {
        guard DescriptorMessage.send(worker.arguments, worker.input, output, on: socket.own) else {
            dismiss()
            return nil
        }
        worker.onStart()
        orders.yield(Order(reader: AnswerReader(limit: worker.limits.answerBytes), listener: worker.listener))
        orders.finish()
        return try await withTaskCancellationHandler {
            try await end.value
        } onCancel: {
            dismiss()
        }
    }
}

/// Keeps one worker waiting while there is something to do, and for a while after that.
final class WaitingWorkers: Sendable {
    private struct State {
        var next: WaitingWorker?
        var dismissal: Task<Void, Never>?
    }

    private let executable: String
    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameter patience: after so long without `prepare` the waiting worker is let go.
    init(_ executable: String, patience: Duration) { (self.executable, self.patience) = (executable, patience) }

    deinit { dismiss() }

    /// Has a worker wait from now on. Where that fails, there is none.
    func prepare() {
        let later = Task { [weak self, patience] in
            if (try? await Task.sleep(for: patience)) != nil { self?.dismiss() }
        }
        state.withLock { state in
            state.dismissal?.cancel()
            state.dismissal = later
            if state.next == nil { state.next = try? WaitingWorker(executable) }
        }
    }

    /// The one that waits, if any; it is the caller's now.
    func take() -> WaitingWorker? { state.withLock { $0.next.take() } }

    /// Lets the waiting one go.
    func dismiss() {
        state.withLock { state in
            state.dismissal?.cancel()
            state.next?.dismiss()
            state = State()
        }
    }
}

import NIOCore
import NIOPosix

/// Work on other threads that comes back to the loop.
extension EngineCore {
    /// Runs `work` as a task off the loop and `body` with its result on the loop.
    func outsideLoop<T: Sendable>(
        _ work: @escaping @Sendable () async throws -> T, then body: @escaping (Result<T, any Error>) -> Void
    ) {
        lastTask += 1
        let id = lastTask
        began()
        let finish = NIOLoopBound(
            { (result: Result<T, any Error>) in
                self.tasks[id] = nil
                body(result)
                self.returned()
            }, eventLoop: eventLoop)
        let eventLoop = eventLoop
        tasks[id] = Task {
            let result: Result<T, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            eventLoop.execute { finish.value(result) }
        }
    }

    /// Reads a batch on a worker thread and calls `body` with the outcome on the loop.
    func readWaiting(_ job: ReadJob, then body: @escaping (BlockReader.Outcome) -> Void) {
        began()
        metrics.waitedForDisk()
        workers.runIfActive(eventLoop: eventLoop) { job.run() }.assumeIsolated().whenComplete { result in
            body((try? result.get()) ?? .failed(.unreadable(errno: ECANCELED)))
            self.returned()
        }
    }

    func readCached(
        _ requests: [QueuedBlock], from file: ContentFile, into buffer: inout ByteBuffer
    ) -> BlockReader.Outcome {
        BlockReader.readCached(requests, from: file, into: &buffer, vectors: &vectors)
    }

    /// Work of ours begins on another thread; `returned` is to be called when it has come back.
    func began() { outside += 1 }

    func returned() {
        outside -= 1
        if outside == 0, let outsideDone { outsideDone.succeed() }
    }
}

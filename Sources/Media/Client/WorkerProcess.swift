import Glibc
import Logging
import Subprocess

/// Runs one worker per job: an argument vector, an empty environment, the source as its standard input.
struct WorkerProcess: Sendable {
    let executable: String
    let limits: MediaWorkerLimits
    let queue: WorkerQueue
    /// For jobs that write a file; nil where none is kept waiting.
    let waiting: WaitingWorkers?
    let logger: Logger

    /// What the worker answers to `job` about `film`; nil when it answers that there is nothing.
    ///
    /// - Parameters:
    ///   - output: the file that a job writes, as the worker's standard output.
    ///   - listener: told how a cut goes on; with `onOutput` standard output is a pipe, read no faster than that takes.
    func answer(
        to job: WorkerJob, about film: WorkerFilm, writing output: CInt? = nil, _ listener: WorkerListener = .init()
    ) async throws(MediaError) -> [UInt8]? {
        do {
            try await queue.enter()
        } catch {
            throw MediaError(.workerFailed, detail: "cancelled while waiting")
        }
        do {
            let answer = try await run(job, on: film, writing: output, listener)
            await queue.leave()
            return answer
        } catch {
            await queue.leave()
            if error.kind == .workerFailed || error.kind == .timedOut {
                logger.log(
                    level: Task.isCancelled ? .debug : .warning, "media worker failed",
                    metadata: ["job": "\(job.arguments)", "kind": "\(error.kind)", "detail": "\(error.detail)"])
            }
            throw error
        }
    }

    private func run(
        _ job: WorkerJob, on film: WorkerFilm, writing output: CInt?, _ listener: WorkerListener
    ) async throws(MediaError) -> [UInt8]? {
        var jobLimits = limits.limits(of: job)
        var ended: Ended
        switch film {
        case .file(let path):
            let file = try SourceDescriptor.open(path)
            let worker = Worker(job: job, input: file.raw, output: output, listener: listener, limits: jobLimits)
            ended = try await end(of: worker, serving: nil)
        case .source(let source):
            jobLimits.wallSeconds = max(jobLimits.wallSeconds, limits.sourceWallSeconds)
            let socket = try LocalSocket()
            let worker = Worker(
                job: job, input: socket.other, output: output, listener: listener, limits: jobLimits,
                size: source.size, onStart: { socket.giveAway() })
            ended = try await end(of: worker, serving: SourceServer(source: source, socket: socket))
        }
        switch ended.status {
        case .exited(0): return try ended.answer().result()
        case .exited(let code):
            throw MediaError(.workerFailed, detail: "exit \(code)")
        case .signaled(SIGXCPU), .signaled(SIGALRM):
            throw MediaError(.timedOut, detail: "killed at its limit")
        case .signaled(let signal):
            throw MediaError(.workerFailed, detail: "signal \(signal)")
        }
    }

    /// All that one process is started with.
    struct Worker: Sendable {
        let job: WorkerJob
        let input: CInt
        let output: CInt?
        let listener: WorkerListener
        let limits: MediaWorkerLimits.Job
        /// Of a film that is no file.
        var size: UInt64?
        /// Called when it has its input.
        var onStart: @Sendable () -> Void = {}

        var arguments: [String] {
            let seconds = [limits.processorSeconds, limits.wallSeconds].map { String($0) }
            return job.arguments + seconds + (size.map { [String($0)] } ?? [])
        }
    }

    struct Ended: Sendable {
        var status: TerminationStatus
        var reader: AnswerReader

        func answer() throws(MediaError) -> WorkerAnswer { try reader.finished() }
    }

    private enum Event: Sendable {
        case ended(Ended), late, served
    }

    /// Runs the worker to its end, or kills it at the deadline, when its source fails, or when the caller is cancelled.
    private func end(of worker: Worker, serving server: SourceServer?) async throws(MediaError) -> Ended {
        do {
            return try await withThrowingTaskGroup(of: Event.self) { group in
                group.addTask { .ended(try await spawn(worker)) }
                group.addTask {
                    try await Task.sleep(for: .seconds(worker.limits.wallSeconds))
                    return .late
                }
                if let server {
                    group.addTask {
                        try await server.run()
                        return .served
                    }
                }
                defer { group.cancelAll() }
                while let event = try await group.next() {
                    if case .ended(let ended) = event { return ended }
                    if case .late = event { break }
                }
                throw MediaError(.timedOut, detail: "no answer in \(worker.limits.wallSeconds) s")
            }
        } catch let error as MediaError {
            throw error
        } catch {
            throw MediaError(.workerFailed, detail: "\(error)")
        }
    }

    private func spawn(_ worker: Worker) async throws -> Ended {
        let executable: Executable = .path(Self.path(self.executable))
        let arguments = Arguments(worker.arguments)
        let input = FileDescriptorInput.fileDescriptor(
            try Self.descriptor(worker.input), closeAfterSpawningProcess: false)
        var reader = AnswerReader(limit: worker.limits.answerBytes)
        if let output = worker.output {
            defer { if !Task.isCancelled { waiting?.prepare() } }
            if let ended = try await waiting?.take()?.work(worker, writing: output) { return ended }
            let result = try await Subprocess.run(
                executable, arguments: arguments, environment: .custom([:]), input: input,
                output: .fileDescriptor(try Self.descriptor(output), closeAfterSpawningProcess: false),
                error: .sequence
            ) { execution in
                worker.onStart()
                return try await Self.listen(to: execution.standardError, reader, worker.listener)
            }
            return Ended(status: result.terminationStatus, reader: result.closureResult)
        }
        if worker.listener.onOutput != nil {
            let result = try await Subprocess.run(
                executable, arguments: arguments, environment: .custom([:]), input: input, output: .sequence,
                error: .sequence
            ) { execution in
                worker.onStart()
                return try await Self.pass(
                    execution.standardOutput, after: execution.standardError, reader, worker.listener)
            }
            return Ended(status: result.terminationStatus, reader: result.closureResult)
        }
        let result = try await Subprocess.run(
            executable, arguments: arguments, environment: .custom([:]), input: input,
            output: .bytes(limit: worker.limits.answerBytes + WorkerAnswer.headerLength), error: .discarded
        ) { _ in worker.onStart() }
        guard try reader.take(result.standardOutput).isEmpty else {
            throw MediaError(.workerFailed, detail: "a notice in an answer")
        }
        return Ended(status: result.terminationStatus, reader: reader)
    }

    // Subprocess takes paths and descriptors as SystemPackage's types. They are made through the standard library's
    // protocols they conform to, so that this target does not depend on that package for two initialisers.
    static func path<Path: ExpressibleByStringLiteral>(_ text: String) -> Path
    where Path.StringLiteralType == String {
        Path(stringLiteral: text)
    }

    static func descriptor<Descriptor: RawRepresentable>(_ raw: CInt) throws -> Descriptor
    where Descriptor.RawValue == CInt {
        guard let descriptor = Descriptor(rawValue: raw) else { throw MediaError(.workerFailed, detail: "descriptor") }
        return descriptor
    }
}

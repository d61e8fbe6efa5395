import Glibc
import Logging
import Subprocess

/// Runs one worker per job: an argument vector, an empty environment, the source as its standard input.
struct WorkerProcess: Sendable {
    let executable: String
    let limits: MediaWorkerLimits
    let queue: WorkerQueue
    let logger: Logger

    /// What the worker answers to `job` about the file at `path`; nil when it answers that there is nothing.
    ///
    /// - Parameter output: the file that a job writes, as the worker's standard output.
    func answer(to job: WorkerJob, about path: String, writing output: CInt? = nil) async throws(MediaError) -> [UInt8]?
    {
        do {
            try await queue.enter()
        } catch {
            throw MediaError(.workerFailed, detail: "cancelled while waiting")
        }
        do {
            let answer = try await run(job, on: path, writing: output)
            await queue.leave()
            return answer
        } catch {
            await queue.leave()
            if error.kind == .workerFailed || error.kind == .timedOut {
                logger.warning(
                    "media worker failed",
                    metadata: ["job": "\(job.arguments)", "kind": "\(error.kind)", "detail": "\(error.detail)"])
            }
            throw error
        }
    }

    private func run(_ job: WorkerJob, on path: String, writing output: CInt?) async throws(MediaError) -> [UInt8]? {
        let source = try SourceDescriptor.open(path)
        let jobLimits = limits.limits(of: job)
        let ended = try await end(of: job, reading: source.raw, writing: output, within: jobLimits)
        switch ended.status {
        case .exited(0):
            return try WorkerAnswer(decoding: ended.output, limit: jobLimits.answerBytes).result()
        case .exited(let code):
            throw MediaError(.workerFailed, detail: "exit \(code)")
        case .signaled(SIGXCPU), .signaled(SIGALRM):
            throw MediaError(.timedOut, detail: "killed at its limit")
        case .signaled(let signal):
            throw MediaError(.workerFailed, detail: "signal \(signal)")
        }
    }

    private struct Ended: Sendable {
        var status: TerminationStatus
        var output: [UInt8]
    }

    /// Runs the worker to its end, or kills it at the deadline or when the caller is cancelled.
    private func end(
        of job: WorkerJob, reading source: CInt, writing output: CInt?, within limits: MediaWorkerLimits.Job
    ) async throws(MediaError) -> Ended {
        do {
            return try await withThrowingTaskGroup(of: Ended?.self) { group in
                group.addTask { try await spawn(job, reading: source, writing: output, within: limits) }
                group.addTask {
                    try await Task.sleep(for: .seconds(limits.wallSeconds))
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let ended = first else {
                    throw MediaError(.timedOut, detail: "no answer in \(limits.wallSeconds) s")
                }
                return ended
            }
        } catch let error as MediaError {
            throw error
        } catch {
            throw MediaError(.workerFailed, detail: "\(error)")
        }
    }

    private func spawn(
        _ job: WorkerJob, reading source: CInt, writing output: CInt?, within limits: MediaWorkerLimits.Job
    ) async throws -> Ended {
        let arguments = job.arguments + [String(limits.processorSeconds), String(limits.wallSeconds)]
        let answerLimit = limits.answerBytes + WorkerAnswer.headerLength
        if let output {
            let result = try await Subprocess.run(
                .path(Self.path(executable)), arguments: Arguments(arguments), environment: .custom([:]),
                input: .fileDescriptor(Self.descriptor(source), closeAfterSpawningProcess: false),
                output: .fileDescriptor(Self.descriptor(output), closeAfterSpawningProcess: false),
                error: .bytes(limit: answerLimit))
            return Ended(status: result.terminationStatus, output: result.standardError)
        }
        let result = try await Subprocess.run(
            .path(Self.path(executable)), arguments: Arguments(arguments), environment: .custom([:]),
            input: .fileDescriptor(Self.descriptor(source), closeAfterSpawningProcess: false),
            output: .bytes(limit: answerLimit), error: .discarded)
        return Ended(status: result.terminationStatus, output: result.standardOutput)
    }

    // Subprocess takes paths and descriptors as SystemPackage's types. They are made through the standard library's
    // protocols they conform to, so that this target does not depend on that package for two initialisers.
    private static func path<Path: ExpressibleByStringLiteral>(_ text: String) -> Path
    where Path.StringLiteralType == String {
        Path(stringLiteral: text)
    }

    private static func descriptor<Descriptor: RawRepresentable>(_ raw: CInt) throws -> Descriptor
    where Descriptor.RawValue == CInt {
        guard let descriptor = Descriptor(rawValue: raw) else { throw MediaError(.workerFailed, detail: "descriptor") }
        return descriptor
    }
}

import Synchronization

extension MediaWorkerClient {
    /// Cuts a clip and hands it on while it is being made, piece by piece, in order.
    ///
    /// The worker writes no faster than `onBytes` takes, and holds no more than some seconds of film. When a callback
    /// throws, or the task is cancelled, it is killed at once. Only formats that are written from front to back can be
    /// sent (`CutFormat.isAppendOnly`); a copy then begins at the key frame in MP4 and MOV, too.
    ///
    /// - Parameters:
    ///   - path: the film.
    ///   - request: the interval, and how it is cut; without a format as the film is.
    ///   - onBegin: told what comes, once, before the first byte. Nothing has been sent when an error comes before it.
    ///   - progress: told the share that is done, 0...1.
    ///   - onBytes: takes some bytes of the clip, never none.
    /// - Throws: `CutError`, or what a callback has thrown.
    public func cutStream(
        file path: String, _ request: CutRequest, onBegin: @escaping @Sendable (CutBeginning) async throws -> Void,
        progress: (@Sendable (Double) -> Void)? = nil, onBytes: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CutFacts {
        try await stream(.file(path), request, onBegin, progress, onBytes)
    }

    /// The same of bytes from elsewhere, which are asked for as the cut goes on.
    public func cutStream(
        _ source: any MediaByteSource, _ request: CutRequest,
        onBegin: @escaping @Sendable (CutBeginning) async throws -> Void,
        progress: (@Sendable (Double) -> Void)? = nil, onBytes: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CutFacts {
        try await stream(.source(source), request, onBegin, progress, onBytes)
    }

    private func stream(
        _ film: WorkerFilm, _ request: CutRequest, _ onBegin: @escaping @Sendable (CutBeginning) async throws -> Void,
        _ progress: (@Sendable (Double) -> Void)?, _ onBytes: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CutFacts {
        if let format = request.format, !format.isAppendOnly { throw CutError.notStreamed(format) }
        let order = try Self.order(request, output: .stream, of: film)
        let passage = Passage()
        let listener = WorkerListener(
            onProgress: progress,
            onBegin: { beginning in try await passage.keepingError { try await onBegin(beginning) } },
            onOutput: { bytes in
                guard !bytes.isEmpty else { return }
                passage.count(bytes.count)
                try await passage.keepingError { try await onBytes(bytes) }
            })
        do {
            let made = try await made(order, of: film, writing: nil, listener)
            guard passage.sent == made.bytes else {
                throw CutError(MediaError(.workerFailed, detail: "output of another length"))
            }
            return CutFacts(made, of: order)
        } catch {
            throw passage.error ?? error
        }
    }

    /// What came of the callbacks.
    private final class Passage: Sendable {
        private let state = Mutex<(sent: UInt64, error: (any Error)?)>((0, nil))

        var sent: UInt64 { state.withLock { $0.sent } }
        var error: (any Error)? { state.withLock { $0.error } }

        func count(_ bytes: Int) { state.withLock { $0.sent += UInt64(bytes) } }

        func keepingError(_ body: () async throws -> Void) async throws {
            do {
                try await body()
            } catch {
                state.withLock { $0.error = $0.error ?? error }
                throw error
            }
        }
    }
}

extension CutError {
    /// A container that is not written from front to back.
    fileprivate static func notStreamed(_ format: CutFormat) -> CutError {
        CutError(
            .codecUnfit, "A clip cannot be sent as \(format.fileExtension) while it is being made; mp4 or mkv would do."
        )
    }
}

import Media

/// A film as a worker reads it for a cut.
enum CutSource: Sendable {
    /// The cache file.
    case file(CachedFile)
    /// Of a film that is not in the cache, the parts that the cut needs.
    case parts(SplicedSource, CutGuide)

    /// Whether the worker sees the film in parts.
    var isPartial: Bool {
        switch self {
        case .file: false
        case .parts: true
        }
    }

    /// Has a worker cut into an open, empty file.
    func cut(
        by worker: MediaWorkerClient, _ request: CutRequest, into descriptor: CInt,
        progress: (@Sendable (Double) -> Void)? = nil
    ) async throws(CutError) -> CutFacts {
        switch self {
        case .file(let file):
            try await worker.cut(file: file.path, request, into: descriptor, progress: progress)
        case .parts(let source, let guide):
            try await worker.cut(source, request.guided(by: guide), into: descriptor, progress: progress)
        }
    }

    /// Has a worker cut from front to back.
    func cutStream(
        by worker: MediaWorkerClient, _ request: CutRequest,
        onBegin: @escaping @Sendable (CutBeginning) async throws -> Void,
        onBytes: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CutFacts {
        switch self {
        case .file(let file):
            try await worker.cutStream(file: file.path, request, onBegin: onBegin, onBytes: onBytes)
        case .parts(let source, let guide):
            try await worker.cutStream(source, request.guided(by: guide), onBegin: onBegin, onBytes: onBytes)
        }
    }
}

extension CutRequest {
    fileprivate func guided(by guide: CutGuide) -> CutRequest {
        var request = self
        request.guide = guide
        return request
    }
}

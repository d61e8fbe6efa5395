import Catalog
import ClipIndex
import Media
import Store
import Synchronization

/// Has films cut by the worker, into files without a name.
struct FilmCutter: Sendable {
    /// Says how a clip begins and where its bytes come from, before the first of them.
    typealias Begun = @Sendable (CutOpening, any ByteFlow) async -> Void

    let cache: MediaCache
    let worker: MediaWorkerClient
    /// Bytes a second that whoever holds a cut up has to take.
    var leastRate = ClipLimits().leastRate

    /// Cuts into a file, which is handed over when it is whole. Throws ``PublishingError``, or `CancellationError` when
    /// it was cancelled. `progress` is told the share that is done, 0...1, of what is encoded anew.
    func whole(
        _ cut: FilmCut, mostBytes: Int64, progress: (@Sendable (Double) -> Void)? = nil
    ) async throws -> CutFile {
        try await bySource(of: cut) { source in
            let spool = try await file()
            let facts = try await source.cut(
                by: worker, cut.request(mostBytes: mostBytes), into: spool.descriptor, progress: progress)
            return CutFile(
                spool, size: Int64(clamping: facts.bytes), of: cut.key, isPartial: source.isPartial, CutOpening(facts))
        }
    }

    /// Cuts into a file that can be read while it grows, and hands it over when it is whole, before its readers find its
    /// end.
    func growing(
        _ cut: FilmCut, mostBytes: Int64, _ begun: @escaping Begun, whole: (CutFile) async -> Void
    ) async throws {
        let file = GrowingFile(try await file())
        do {
            let (facts, isPartial) = try await stream(cut, mostBytes: mostBytes, file, begun) {
                try await file.append($0)
            }
            await whole(
                CutFile(file.spool, size: await file.size, of: cut.key, isPartial: isPartial, CutOpening(facts)))
            await file.finish(.success(()))
        } catch {
            await file.finish(.failure(error))
            throw error
        }
    }

    /// Cuts for one reader, keeping nothing.
    func passing(_ cut: FilmCut, _ begun: @escaping Begun) async throws {
        let (handoff, pace) = (Handoff(), Pace(least: leastRate))
        do {
            _ = try await stream(cut, mostBytes: .max / 4, handoff, begun) { bytes in
                try await handoff.put(bytes)
                try pace.took(bytes.count)
            }
            await handoff.finish(.success(()))
        } catch {
            await handoff.finish(.failure(error))
            throw error
        }
    }

    /// A file that nobody else can open.
    private func file() async throws(PublishingError) -> SpoolFile {
        do {
            let spool = try await cache.makeSpool()
            spool.remove()
            return spool
        } catch {
            throw PublishingError(error)
        }
    }

    // MARK: - The worker

    /// Cuts from front to back; `flow` is where `take` leaves the bytes. Says as well whether the film was read in
    /// parts.
    private func stream(
        _ cut: FilmCut, mostBytes: Int64, _ flow: any ByteFlow, _ begun: @escaping Begun,
        _ take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> (facts: CutFacts, isPartial: Bool) {
        let isExact = cut.key.isExact
        let hasBegun = Atomic(false)
        return try await bySource(of: cut) { source in
            do {
                let facts = try await source.cutStream(
                    by: worker, cut.request(mostBytes: mostBytes),
                    onBegin: {
                        hasBegun.store(true, ordering: .relaxed)
                        await begun(CutOpening(actualStart: $0.actualStart, beginsAsAsked: isExact), flow)
                    }, onBytes: take)
                return (facts, source.isPartial)
            } catch {
                // What has been sent is not taken back by another cut.
                throw hasBegun.load(ordering: .relaxed) ? Self.told(error) : error
            }
        }
    }

    /// Has a film cut as far as it is here. Where its parts are not what the film's index says, all of it is fetched
    /// and cut again: an index can be wrong, or of a film that is built in an unusual way.
    private func bySource<T: Sendable>(
        of cut: FilmCut, _ body: (CutSource) async throws -> T
    ) async throws -> T {
        do {
            let source = try await source(of: cut)
            do {
                return try await body(source)
            } catch let error as CutError where source.isPartial && error.mayLieInTheParts && !Task.isCancelled {
                return try await body(.file(try await cache.openFile(for: cut.media)))
            }
        } catch {
            throw Self.told(error)
        }
    }

    private static func told(_ error: any Error) -> any Error {
        if Task.isCancelled { return CancellationError() }
        return switch error {
        case let error as CutError: PublishingError(error)
        case let error as FileError: PublishingError(error)
        default: error
        }
    }

    /// The cache file; of a film that is not there what the cut needs, or where that is not known all of it.
    private func source(of cut: FilmCut) async throws(PublishingError) -> CutSource {
        if let file = await cache.openIfPresent(cut.media) { return .file(file) }
        guard let reading = cut.reading else { return .file(try await cache.openFile(for: cut.media)) }
        let stored = StoredFilm(cut.media, in: cache.store)
        return .parts(SplicedSource(reading.plan, reading.access, over: stored), reading.guide)
    }
}

extension CutError {
    /// Whether a film that is read in parts may fail so, and read as a whole not.
    fileprivate var mayLieInTheParts: Bool {
        switch code {
        case .beyondEnd, .notCuttable: true
        case .source: cause.map { $0.kind == .broken || $0.kind == .notAVideo } ?? false
        case .badInterval, .codecUnfit, .occupied, .outputFailed, .tooLong: false
        }
    }
}

extension FilmCut {
    fileprivate func request(mostBytes: Int64) -> CutRequest {
        CutRequest(
            start: start, end: end, mode: key.isExact ? .exact : .copy, format: key.format,
            byteLimit: UInt64(clamping: mostBytes))
    }
}

extension CutOpening {
    fileprivate init(_ facts: CutFacts) {
        self.init(actualStart: facts.actualStart, beginsAsAsked: facts.beginsAsAsked)
    }
}

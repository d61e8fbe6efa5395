public import ClipIndex
public import Logging

/// Asks questions about files that may be anything, each answered by a worker process of its own.
///
/// Nothing of a file is parsed in this process: the worker gets the open descriptor, and what it answers is read as
/// if it came from a stranger. Every failure, whatever happens to the worker, is a `MediaError` with a sentence.
public struct MediaWorkerClient: Sendable {
    let process: WorkerProcess

    /// A client of the worker at `executable`, an absolute path.
    ///
    /// - Parameters:
    ///   - limits: What each kind of job may use.
    ///   - concurrency: How many workers run at once, at least one; further jobs wait in order.
    ///   - patience: For so long after `prepare` and after each cut into a file a worker waits, loaded, for the next
    ///     one; nil for never.
    ///   - logger: Told of failures of the worker itself.
    public init(
        executable: String, limits: MediaWorkerLimits = .standard, concurrency: Int = 2,
        patience: Duration? = nil, logger: Logger = Logger(label: "media")
    ) {
        process = WorkerProcess(
            executable: executable, limits: limits, queue: WorkerQueue(slots: max(1, concurrency)),
            waiting: patience.map { WaitingWorkers(executable, patience: $0) }, logger: logger)
    }

    /// Has a worker wait for a cut that may come soon.
    public func prepare() { process.waiting?.prepare() }

    /// Lets the waiting worker go.
    public func dismiss() { process.waiting?.dismiss() }

    /// What the file at `path` is. Throws `notAVideo` when it is no film or sound of a listed container, `broken` when
    /// it is a damaged one. Codecs that are not listed are no reason to refuse: they are named, and never opened.
    public func probe(file path: String) async throws(MediaError) -> MediaFacts {
        try await probe(.file(path))
    }

    /// The same of bytes from elsewhere: reads what it needs, mostly of the beginning.
    public func probe(_ source: any MediaByteSource) async throws(MediaError) -> MediaFacts {
        try await probe(.source(source))
    }

    /// The clip index from the container's own tables (MP4 and MOV, AVI with idx1), in milliseconds.
    ///
    /// Nil when the container has none, or ones too unusual to trust (fragmented MP4, edit lists of several parts,
    /// OpenDML): then `scanIndex` finds it.
    public func quickIndex(file path: String) async throws(MediaError) -> FilmIndex? {
        try await quickIndex(.file(path))
    }

    /// The same of bytes from elsewhere: reads the tables, and a few bytes where the film begins.
    public func quickIndex(_ source: any MediaByteSource) async throws(MediaError) -> FilmIndex? {
        try await quickIndex(.source(source))
    }

    /// The clip index from one pass over all packets; reads the whole file.
    public func scanIndex(file path: String) async throws(MediaError) -> FilmIndex {
        try await scanIndex(.file(path))
    }

    /// The same of bytes from elsewhere: reads all of them.
    public func scanIndex(_ source: any MediaByteSource) async throws(MediaError) -> FilmIndex {
        try await scanIndex(.source(source))
    }

    /// A JPEG of at most 512 kB, `width` (16...1920) pixels wide unless the film is smaller or very tall.
    ///
    /// Taken from a frame that is neither black nor of one shade, where there is one; of a sound, its cover art.
    /// Nil when there is no picture that a listed decoder shows.
    public func thumbnail(file path: String, width: Int = 640) async throws(MediaError) -> [UInt8]? {
        let job = WorkerJob.thumbnail(width: min(1920, max(16, width)))
        guard let bytes = try await process.answer(to: job, about: .file(path)) else { return nil }
        guard bytes.starts(with: [0xff, 0xd8, 0xff]) else { throw MediaError(.workerFailed, detail: "no JPEG") }
        return bytes
    }

    private func probe(_ film: WorkerFilm) async throws(MediaError) -> MediaFacts {
        guard let bytes = try await process.answer(to: .probe, about: film) else {
            throw MediaError(.workerFailed, detail: "no facts")
        }
        return try MediaFacts(fromWorker: bytes)
    }

    private func quickIndex(_ film: WorkerFilm) async throws(MediaError) -> FilmIndex? {
        guard let bytes = try await process.answer(to: .quickIndex, about: film) else { return nil }
        return try index(from: bytes)
    }

    private func scanIndex(_ film: WorkerFilm) async throws(MediaError) -> FilmIndex {
        guard let bytes = try await process.answer(to: .scanIndex, about: film) else {
            throw MediaError(.workerFailed, detail: "no index")
        }
        return try index(from: bytes)
    }

    private func index(from bytes: [UInt8]) throws(MediaError) -> FilmIndex {
        do {
            return try FilmIndex(decoding: bytes)
        } catch {
            throw MediaError(.workerFailed, detail: "index: \(error)")
        }
    }
}

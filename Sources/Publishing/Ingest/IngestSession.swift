import Catalog
import Logging
import Media
import Metainfo
import Store
import TorrentCreation

/// One upload on its way in. One caller writes; ``abandon()`` may come from anywhere, at any time.
///
/// Bytes are gathered into writes of `spoolBufferLength` to the spool file. Whatever lies in the spool is hashed by
/// worker threads and copied into the database in batches, while at least one byte stays behind for the final
/// transaction. A session that is dropped without ``abandon()`` loses its heartbeat, and the sweeper removes its
/// chunks.
public actor IngestSession {
    /// Receiving -> finishing -> ended; only receiving takes bytes.
    private enum Phase { case receiving, finishing, ended }

    /// The content's row.
    nonisolated let id: MediaID
    nonisolated let spool: SpoolFile
    private let request: IngestRequest
    private nonisolated let ingest: Ingest
    private let expectedPieceLength: Int?
    private let hasher: ParallelHasher?

    private var phase = Phase.receiving
    private var failure: PublishingError?
    private var buffer: [UInt8] = []
    /// Bytes in the spool file.
    private var spooled: Int64 = 0
    /// Bytes given to batches, in order; what follows them waits for the next batch.
    private var handedOver: Int64 = 0
    /// Bytes of batches that are in the database.
    private var stored: Int64 = 0
    /// Batches on their way.
    private var copying = 0
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var heartbeat: Task<Void, Never>?

    static func begin(_ request: IngestRequest, ingest: Ingest) async throws(PublishingError) -> IngestSession {
        try await ingest.cache.requireSpace(request.declaredSize ?? 0)
        let spool: SpoolFile
        do {
            spool = try await ingest.cache.makeSpool()
        } catch {
            throw PublishingError(error)
        }
        let new = NewMedia(
            declaredSize: request.declaredSize, fileName: SafeName.fileName(request.fileName),
            chunkSize: ingest.limits.chunkLength)
        let id = try await storing { () throws(StoreError) in try await ingest.store.media.begin(new) }
        let session = IngestSession(id: id, spool: spool, request: request, ingest: ingest)
        await session.startHeartbeat()
        return session
    }

    private init(id: MediaID, spool: SpoolFile, request: IngestRequest, ingest: Ingest) {
        self.id = id
        self.spool = spool
        self.request = request
        self.ingest = ingest
        let length = request.declaredSize.map { request.pieceLength(forTotalLength: $0) }
        expectedPieceLength = length
        hasher = length.flatMap { try? ParallelHasher(descriptor: spool.descriptor, pieceLength: $0) }
    }

    deinit {
        heartbeat?.cancel()
        hasher?.cancel()
    }

    /// Bytes in a row of chunks.
    nonisolated var chunkLength: Int { ingest.limits.chunkLength }

    // MARK: - Bytes

    /// Bytes taken so far.
    public var received: Int64 { spooled + Int64(buffer.count) }

    /// Takes the next bytes; returns when they may be followed by more, which is how a slow disk or database slows the
    /// client down. Throws `tooLarge`, `storageFull`, `unavailable`; call ``abandon()`` after any of them.
    public func write(_ bytes: [UInt8]) async throws(PublishingError) {
        try requireReceiving()
        guard Int64(bytes.count) <= request.limit - received else { throw .tooLarge(limit: request.limit) }
        buffer.append(contentsOf: bytes)
        guard buffer.count >= ingest.limits.spoolBufferLength else { return }
        try await flush()
        while spooled - stored > ingest.limits.spoolLead, failure == nil, phase == .receiving { await progress() }
        try requireReceiving()
    }

    /// Says that the last byte came: waits for hashes and chunks, and asks the worker what it is.
    ///
    /// - Throws: `empty`, `notAVideo`, `codecNotAllowed`, `broken`, `storageFull`, `unavailable`; everything received
    ///   is removed then.
    public func finish() async throws(PublishingError) -> ReceivedMedia {
        do throws(PublishingError) {
            try requireReceiving()
            guard received > 0 else { throw PublishingError(.empty) }
            try await flush()
            phase = .finishing
            return try await complete()
        } catch {
            await abandon()
            throw error
        }
    }

    /// Gives the upload up and removes all of it. Harmless after publishing and when repeated.
    public func abandon() async { await abandon(keepingSpool: false) }

    func abandon(keepingSpool: Bool) async {
        guard phase != .ended else { return }
        end()
        if !keepingSpool { spool.remove() }
        while copying > 0 { await progress() }
        do {
            try await ingest.store.media.discard(id)
        } catch {
            ingest.logger.notice("upload left to the sweeper", metadata: ["media": "\(id)", "reason": "\(error)"])
        }
    }

    /// Ends the session without removing anything: the content is published, or may be.
    func end() {
        phase = .ended
        heartbeat?.cancel()
        hasher?.cancel()
        buffer = []
    }

    private func requireReceiving() throws(PublishingError) {
        if let failure { throw failure }
        guard phase == .receiving else { throw PublishingError(.conflict, "This upload has ended.") }
    }

    private func flush() async throws(PublishingError) {
        guard !buffer.isEmpty else { return }
        let bytes = buffer
        do {
            try await ingest.cache.write(bytes, to: spool, at: spooled)
        } catch {
            failure = error
            throw error
        }
        // Only now: a batch that ended meanwhile has looked how far the next one may read.
        buffer.removeAll(keepingCapacity: true)
        spooled += Int64(bytes.count)
        hasher?.advance(to: spooled)
        startCopying()
    }

    // MARK: - Chunks

    /// Sends full batches on their way, few at a time. At least one byte stays behind for the final transaction.
    private func startCopying() {
        while copying < ingest.limits.batchesPerUpload, failure == nil, phase != .ended, hasFullBatch {
            let offset = handedOver
            handedOver += Int64(ingest.limits.batchLength)
            copying += 1
            Task { await copy(at: offset) }
        }
    }

    private var hasFullBatch: Bool { spooled - handedOver > Int64(ingest.limits.batchLength) }

    private func copy(at offset: Int64) async {
        do {
            try await copyBatch(at: offset)
            stored += Int64(ingest.limits.batchLength)
        } catch {
            if phase != .ended, failure == nil { failure = error }
        }
        copying -= 1
        startCopying()
        wakeWaiters()
    }

    private func copyBatch(at offset: Int64) async throws(PublishingError) {
        let (spool, id, limits, media) = (spool, id, ingest.limits, ingest.store.media)
        do {
            try await ingest.batches.pass {
                let bytes = try await BlockingWork.run { () throws(FileError) in
                    try spool.read(at: offset, count: limits.batchLength)
                }
                try await media.appendChunks(
                    id, firstSequence: Int(offset / Int64(limits.chunkLength)), bytes: bytes,
                    chunkSize: limits.chunkLength)
            }
        } catch let error as StoreError {
            throw PublishingError(error)
        } catch let error as FileError {
            throw PublishingError(error)
        } catch {
            throw PublishingError(.unavailable)
        }
    }

    private func progress() async {
        await withCheckedContinuation { waiters.append($0) }
    }

    private func wakeWaiters() {
        let woken = waiters
        waiters = []
        for waiter in woken { waiter.resume() }
    }

    // MARK: - The end

    private func complete() async throws(PublishingError) -> ReceivedMedia {
        do {
            async let examined = ingest.examine(path: spool.descriptorPath)
            async let hashed = hashes()
            while copying > 0 { await progress() }
            if let failure { throw failure }
            let (facts, index) = try await examined
            return ReceivedMedia(
                id: id, fileName: FileName.of(request.fileName, facts), facts: facts, hashes: try await hashed,
                index: index, lastBatchOffset: handedOver, session: self)
        } catch {
            throw error as? PublishingError ?? PublishingError(.unavailable)
        }
    }

    /// Reads the bytes that are not in the database yet, at most `batchLength`, and hands them to the final transaction.
    /// Counts as one of the batches in memory. Throws what `body` throws, and ``PublishingError``.
    func withLastBatch<T: Sendable>(_ body: @Sendable ([UInt8]) async throws -> T) async throws -> T {
        let (spool, offset, count) = (spool, handedOver, Int(spooled - handedOver))
        return try await ingest.batches.pass {
            let bytes: [UInt8]
            do throws(FileError) {
                bytes = try await BlockingWork.run { () throws(FileError) in
                    try spool.read(at: offset, count: count)
                }
            } catch {
                throw PublishingError(error)
            }
            return try await body(bytes)
        }
    }

    private func hashes() async throws(PublishingError) -> PieceHashes {
        let length = request.pieceLength(forTotalLength: spooled)
        do {
            if let hasher, expectedPieceLength == length { return try await hasher.finish(totalLength: spooled) }
            hasher?.cancel()
            let again = try ParallelHasher(descriptor: spool.descriptor, pieceLength: length)
            return try await again.finish(totalLength: spooled)
        } catch {
            throw PublishingError(.unavailable)
        }
    }

    // MARK: - Heartbeat

    private func startHeartbeat() {
        let (media, id, seconds) = (ingest.store.media, id, ingest.limits.heartbeatSeconds)
        heartbeat = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(seconds))
                if !Task.isCancelled { try? await media.touch(id) }
            }
        }
    }
}

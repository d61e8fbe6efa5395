public import Logging
public import Media
import Metainfo
public import Store

/// The way in: takes an upload's bytes as they come, and turns them into a film that can be published.
///
/// Bytes go to a spool file in the cache folder; from there they are hashed on worker threads and copied into the
/// database while more arrive. Memory per upload does not depend on its size (see ``IngestLimits``).
public struct Ingest: Sendable {
    let store: Store
    let cache: MediaCache
    let worker: MediaWorkerClient
    let limits: IngestLimits
    let logger: Logger
    let batches: Turnstile

    /// Makes the way in. `worker` probes what came.
    public init(
        store: Store, cache: MediaCache, worker: MediaWorkerClient, limits: IngestLimits = IngestLimits(),
        logger: Logger
    ) {
        self.store = store
        self.cache = cache
        self.worker = worker
        self.limits = limits
        self.logger = logger
        batches = Turnstile(places: limits.concurrentBatches)
    }

    /// Begins an upload.
    ///
    /// - Parameters:
    ///   - fileName: as the client sent it; only a safe form of it is kept.
    ///   - declaredSize: the length the client announced: of the file, or of the request that carries it
    ///     (`Content-Length`, a few hundred bytes more than the file in a form). From it the piece length is taken and
    ///     hashing begins at once. When the bytes that came ask for another piece length, which happens only close to a
    ///     threshold of `PieceLayout.recommendedPieceLength`, the pieces are hashed again from the spool after the last
    ///     byte, so that equal content always gives an equal torrent. Nil: hashed after the last byte.
    ///   - limit: the most bytes taken, from the site's settings.
    ///   - pieceLength: of a torrent that the content is to fit; chosen by the size when nil.
    /// - Throws: `tooLarge` at once when `declaredSize` exceeds `limit` by more than a form can add; `storageFull`,
    ///   `unavailable`.
    public func begin(
        fileName: String, declaredSize: Int64?, limit: Int64, pieceLength: Int? = nil
    ) async throws(PublishingError) -> IngestSession {
        if let declaredSize, declaredSize > limit, declaredSize - limit > Self.formOverhead {
            throw .tooLarge(limit: limit)
        }
        return try await IngestSession.begin(
            IngestRequest(
                fileName: fileName, declaredSize: declaredSize.map { max(0, $0) }, limit: limit,
                pieceLength: pieceLength),
            ingest: self)
    }

    /// What the other parts of a form may add to a request's length, in bytes.
    static let formOverhead: Int64 = 1 << 20
}

/// What is known of an upload before its first byte.
struct IngestRequest: Sendable {
    let fileName: String
    let declaredSize: Int64?
    let limit: Int64
    /// Nil: chosen by the size.
    var pieceLength: Int?

    /// The piece length for content of some length.
    func pieceLength(forTotalLength length: Int64) -> Int {
        pieceLength ?? PieceLayout.recommendedPieceLength(forTotalLength: max(1, length))
    }
}

extension PublishingError {
    /// The limit in the sentence, in the largest unit that divides it.
    static func tooLarge(limit: Int64) -> PublishingError {
        let units: [(Int64, String)] = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        let (size, name) = units.first { limit >= $0.0 && limit % $0.0 == 0 } ?? (1, "bytes")
        return PublishingError(.tooLarge, "This file is larger than the \(limit / size) \(name) that this site takes.")
    }
}

import Dispatch
import Glibc
import Synchronization

/// Hashes a file on worker threads while it is still being written.
///
/// The owner writes bytes to a spool file and says how far it is; workers read whole pieces back from there (out of the
/// page cache) and compute SHA-1 and the SHA-256 tree in one pass. Workers share the machine's cores with those of other
/// uploads; each has a buffer of 256 KiB, and nothing is allocated per block.
///
/// ```swift
/// let hasher = try ParallelHasher(descriptor: spool, pieceLength: layout.pieceLength)
/// hasher.advance(to: bytesWritten)                          // after each write
/// let hashes = try await hasher.finish(totalLength: size)   // after the last one
/// ```
/// For a file whose size, and so whose piece length, is known only afterwards, make the hasher then and call `finish`.
public final class ParallelHasher: Sendable {
    private struct Shared: ~Copyable, Sendable {
        var state: HashingState
        var waiter: CheckedContinuation<Void, Never>?
        var idle: [PieceWorker] = []
    }

    private static let queue = DispatchQueue(label: "piece hashing", attributes: .concurrent)

    private let source: any ByteSource
    private let progress: (@Sendable (Int64) -> Void)?
    private let shared: Mutex<Shared>

    /// A hasher of the file behind `descriptor`, which may be closed at any time afterwards: a copy is kept.
    ///
    /// - Parameters:
    ///   - descriptor: open for reading; its file position is neither used nor moved.
    ///   - pieceLength: a power of two between 16 KiB and 64 MiB, else `.badPieceLength` is thrown.
    ///   - workers: how many threads at most; the machine's number of cores (at most eight) unless given.
    ///   - progress: called on a worker after each piece with the number of bytes hashed so far.
    public convenience init(
        descriptor: CInt, pieceLength: Int, hashing: PieceHashing = .sha1AndTree, workers: Int? = nil,
        progress: (@Sendable (Int64) -> Void)? = nil
    ) throws(TorrentCreationError) {
        let scheme = try PieceScheme(pieceLength: pieceLength, hashing: hashing)
        self.init(
            source: try DescriptorSource(duplicating: descriptor), scheme: scheme, workers: workers, progress: progress)
    }

    init(
        source: any ByteSource, scheme: PieceScheme, files: AlignedFiles? = nil, workers: Int?,
        progress: (@Sendable (Int64) -> Void)?
    ) {
        self.source = source
        self.progress = progress
        let limit = workers ?? min(8, sysconf(CInt(_SC_NPROCESSORS_ONLN)))
        shared = Mutex(
            Shared(state: HashingState(scheme: scheme, workerLimit: max(1, limit), files: files), waiter: nil))
    }

    /// Says that the bytes below `length` can be read; pieces that are complete begin to be hashed. Never blocks.
    public func advance(to length: Int64) {
        launch(shared.withLock { $0.state.advance(to: length) })
    }

    /// Says that the file is complete and waits for its hashes. Call it once.
    ///
    /// Throws `.truncated` or `.unreadable` when the file cannot be read, `.cancelled` when the hasher or the calling
    /// task is cancelled, `.misused` when `totalLength` is less than what `advance` promised.
    public func finish(totalLength: Int64) async throws(TorrentCreationError) -> PieceHashes {
        let count = try shared.withLock { (shared) throws(TorrentCreationError) in
            try shared.state.end(at: totalLength)
        }
        launch(count)
        await withTaskCancellationHandler {
            await settled()
        } onCancel: {
            cancel()
        }
        let state = shared.withLock { $0.state }
        if let failure = state.failure { throw failure }
        guard state.files == nil else {
            // A folder has a root for each file, and none over all.
            return PieceHashes(
                totalLength: totalLength, pieceLength: state.scheme.pieceLength, sha1Pieces: state.sha1Pieces,
                sha256PieceLayer: state.pieceLayer, piecesRoot: [])
        }
        return PieceHashes(
            totalLength: totalLength, scheme: state.scheme, sha1Pieces: state.sha1Pieces,
            sha256PieceLayer: state.pieceLayer)
    }

    /// Gives the work up; workers stop after the piece they are at.
    public func cancel() {
        settle { $0.fail(.cancelled) }
    }

    private func settled() async {
        await withCheckedContinuation { continuation in
            let isSettled = shared.withLock { shared in
                if !shared.state.isSettled { shared.waiter = continuation }
                return shared.state.isSettled
            }
            if isSettled { continuation.resume() }
        }
    }

    private func launch(_ count: Int) {
        for _ in 0..<count { Self.queue.async { self.work() } }
    }

    private func work() {
        let worker = shared.withLock { $0.idle.popLast() ?? PieceWorker(scheme: $0.state.scheme) }
        defer { shared.withLock { $0.idle.append(worker) } }
        while let work = settle({ $0.take() }) {
            do {
                try worker.hash(source, work)
            } catch {
                settle { $0.fail(error) }
                continue
            }
            let doneLength = settle { state in
                state.keep(work, sha1: worker.sha1, root: worker.root)
                return state.doneLength
            }
            progress?(doneLength)
        }
    }

    /// Changes the state, and wakes who waits for the end if that was it.
    @discardableResult
    private func settle<Result>(_ change: (inout HashingState) -> sending Result) -> Result {
        var waiter: CheckedContinuation<Void, Never>?
        let result = shared.withLock { shared in
            let result = change(&shared.state)
            if shared.state.isSettled { swap(&waiter, &shared.waiter) }
            return result
        }
        waiter?.resume()
        return result
    }
}

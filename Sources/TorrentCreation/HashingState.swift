/// What the workers of one `ParallelHasher` share: which pieces are there, taken and done. Pure; a lock is around it.
struct HashingState: Sendable {
    /// One piece to hash.
    struct Work: Equatable {
        let piece: Int
        let offset: Int64
        /// Bytes of the content.
        let length: Int
        /// Zeros after them, up to where the next file begins.
        var padding = 0
        let isOnlyPiece: Bool
    }

    let scheme: PieceScheme
    /// Where files begin, if each begins on a piece.
    let files: AlignedFiles?
    let workerLimit: Int
    private(set) var available: Int64 = 0
    private(set) var totalLength: Int64?
    private(set) var failure: TorrentCreationError?
    private(set) var sha1Pieces: [UInt8] = []
    private(set) var pieceLayer: [UInt8] = []
    private(set) var doneLength: Int64 = 0
    private var next = 0
    private var done = 0
    private var running = 0

    init(scheme: PieceScheme, workerLimit: Int, files: AlignedFiles? = nil) {
        self.scheme = scheme
        self.files = files
        self.workerLimit = workerLimit
    }

    /// Notes that the bytes below `length` are there. Returns how many workers to start.
    mutating func advance(to length: Int64) -> Int {
        available = max(available, length)
        return start()
    }

    /// Notes how long the file is, all of it being there. Returns how many workers to start.
    mutating func end(at length: Int64) throws(TorrentCreationError) -> Int {
        guard totalLength == nil, length >= available, length >= 0 else { throw .misused }
        totalLength = length
        available = length
        return start()
    }

    /// The next piece for a running worker; nil tells it to stop.
    mutating func take() -> Work? {
        guard failure == nil, next < ready else {
            running -= 1
            return nil
        }
        defer { next += 1 }
        let offset = Int64(next) * Int64(scheme.pieceLength)
        let length = min(Int64(scheme.pieceLength), available - offset)
        if let part = files?.part(of: next) {
            return Work(
                piece: next, offset: offset, length: part.length, padding: Int(length) - part.length,
                isOnlyPiece: part.isOnlyPiece)
        }
        let isOnly = totalLength.map { scheme.pieceCount(of: $0) == 1 } ?? false
        return Work(piece: next, offset: offset, length: Int(length), isOnlyPiece: isOnly)
    }

    /// Keeps the hashes of a piece; what is not wanted of them is empty.
    mutating func keep(_ work: Work, sha1: [UInt8], root: [UInt8]) {
        if !sha1.isEmpty { Self.store(sha1, at: work.piece, in: &sha1Pieces) }
        if !root.isEmpty { Self.store(root, at: work.piece, in: &pieceLayer) }
        done += 1
        doneLength += Int64(work.length)
    }

    mutating func fail(_ error: TorrentCreationError) {
        if failure == nil { failure = error }
    }

    /// Whether no worker runs and none will: all is hashed, or something failed.
    var isSettled: Bool {
        guard running == 0 else { return false }
        if failure != nil { return true }
        return totalLength.map { done == scheme.pieceCount(of: $0) } ?? false
    }

    /// How many pieces can be hashed: whole ones, and the last one when its length is known.
    private var ready: Int {
        totalLength.map { scheme.pieceCount(of: $0) } ?? Int(available / Int64(scheme.pieceLength))
    }

    private mutating func start() -> Int {
        guard failure == nil else { return 0 }
        let wanted = max(0, min(workerLimit - running, ready - next))
        running += wanted
        return wanted
    }

    private static func store(_ hash: [UInt8], at piece: Int, in row: inout [UInt8]) {
        let start = piece * hash.count
        if row.count < start + hash.count {
            row.append(contentsOf: repeatElement(0, count: start + hash.count - row.count))
        }
        row.replaceSubrange(start..<start + hash.count, with: hash)
    }
}

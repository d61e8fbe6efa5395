import Glibc
import Metainfo
import Synchronization

/// Looks which pieces the files have. Several worker threads may run one job together, each calling `work`.
///
/// Pieces that lie wholly in holes of sparse files or in files that are not there are passed over without reading,
/// unless zeros are what they must be.
final class RecheckJob: Sendable {
    /// How far a check has come.
    struct Progress: Sendable, Hashable {
        /// Pieces looked at.
        var checked: Int
        /// Pieces to look at.
        let total: Int
        /// Good ones among them.
        var good: Int
    }

    private struct State {
        var next = 0
        var have: Bitfield
        var progress: Progress
        var failure: StorageError?
    }

    private let storage: TorrentStorage
    private let truth: PieceTruth
    private let pieces: [PieceIndex]
    private let isCancelled: @Sendable () -> Bool
    private let onProgress: (@Sendable (Progress) -> Void)?
    private let state: Mutex<State>

    /// A check of `pieces`, all by default; the others keep what `have` says of them. `onProgress` is called on the
    /// worker threads after each piece.
    init(
        storage: TorrentStorage, truth: PieceTruth, pieces: [PieceIndex]? = nil, have: Bitfield? = nil,
        isCancelled: @escaping @Sendable () -> Bool = { false }, onProgress: (@Sendable (Progress) -> Void)? = nil
    ) {
        self.storage = storage
        self.truth = truth
        let count = storage.info.pieceCount
        self.pieces = pieces ?? (0..<UInt32(count)).map { PieceIndex($0) }
        self.isCancelled = isCancelled
        self.onProgress = onProgress
        var known = have?.count == count ? have ?? Bitfield(count: count) : Bitfield(count: count)
        for piece in self.pieces { known[piece] = false }
        state = Mutex(State(have: known, progress: Progress(checked: 0, total: self.pieces.count, good: 0)))
    }

    /// The pieces found good, after all `work` calls have returned. Throws why the check could not go on.
    func result() throws(StorageError) -> Bitfield {
        let (have, failure) = state.withLock { ($0.have, $0.failure) }
        if let failure { throw failure }
        return have
    }

    /// How far it is.
    var progress: Progress { state.withLock(\.progress) }

    /// Looks at pieces until none is left, the check is cancelled or a file cannot be read. Blocking.
    func work() {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.readLength, alignment: 4096)
        defer { unsafe room.deallocate() }
        while !isCancelled(), let piece = next() {
            do throws(StorageError) {
                note(piece, isGood: try unsafe isGood(piece, room))
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    /// Bytes read by one call.
    private static let readLength = 1 << 20

    private func next() -> PieceIndex? {
        state.withLock { state in
            guard state.failure == nil, state.next < pieces.count else { return nil }
            state.next += 1
            return pieces[state.next - 1]
        }
    }

    private func note(_ piece: PieceIndex, isGood: Bool) {
        let progress = state.withLock { state in
            state.have[piece] = isGood
            state.progress.checked += 1
            if isGood { state.progress.good += 1 }
            return state.progress
        }
        onProgress?(progress)
    }

    private func isGood(_ piece: PieceIndex, _ room: UnsafeMutableRawBufferPointer) throws(StorageError) -> Bool {
        guard let expected = truth.expectation(of: piece), let offset = storage.info.layout.offset(of: piece) else {
            return false
        }
        let range = offset..<offset + Int64(expected.length)
        switch try presence(of: range) {
        case .missing: return false
        case .hole: return unsafe isZeros(expected, room)
        case .data: break
        }
        var hasher = PieceHasher(expected)
        var position = range.lowerBound
        while position < range.upperBound {
            let count = min(room.count, Int(range.upperBound - position))
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<count])
            do throws(StorageError) {
                try unsafe storage.read(into: part, at: position)
            } catch .truncated, .unreadable(_, ENOENT) {
                return false
            }
            unsafe Self.add(UnsafeRawBufferPointer(part), to: &hasher)
            position += Int64(count)
        }
        return hasher.verdict() == .good
    }

    private func isZeros(_ expected: PieceExpectation, _ room: UnsafeMutableRawBufferPointer) -> Bool {
        unsafe room.initializeMemory(as: UInt8.self, repeating: 0)
        var hasher = PieceHasher(expected)
        var left = expected.length
        while left > 0 {
            let count = min(left, room.count)
            unsafe Self.add(UnsafeRawBufferPointer(rebasing: room[..<count]), to: &hasher)
            left -= count
        }
        return hasher.verdict() == .good
    }

    private static func add(_ bytes: UnsafeRawBufferPointer, to hasher: inout PieceHasher) {
        var start = 0
        while start < bytes.count {
            let end = min(start + BlockMemory.byteCount, bytes.count)
            unsafe hasher.add(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            start = end
        }
    }

    private enum Presence {
        /// A file is not there or too short.
        case missing
        /// Nothing was ever written there.
        case hole
        case data
    }

    private func presence(of range: Range<Int64>) throws(StorageError) -> Presence {
        var presence = Presence.hole
        for span in storage.map.spans(in: range) {
            guard let file = span.file else { continue }
            let descriptor: OpenDescriptor
            do throws(StorageError) {
                descriptor = try storage.readable(file)
            } catch .unreadable(_, ENOENT) {
                return .missing
            }
            guard let facts = descriptor.facts, Int64(facts.st_size) >= span.fileOffset + span.length else {
                return .missing
            }
            if hasData(descriptor, span) { presence = .data }
        }
        return presence
    }

    /// SEEK_DATA of lseek(2), which Swift's Glibc does not show.
    private static let seekData: CInt = 3

    private func hasData(_ descriptor: OpenDescriptor, _ span: ContentSpan) -> Bool {
        let next = lseek(descriptor.number, off_t(span.fileOffset), Self.seekData)
        // ENXIO: no data up to the end. Other errors: the file system cannot say.
        if next < 0 { return errno != ENXIO }
        return Int64(next) < span.fileOffset + span.length
    }
}

import Metainfo

/// The memory of the pieces that are not whole yet. Lives on the engine's event loop.
///
/// A block is copied once, from where the socket put it. A whole piece leaves as a `VerifyJob` and comes back with
/// `finished`; above the memory limit the pieces that waited longest go to their files unchecked with a `FlushJob`, and
/// are read back for the check. Memory is used again, so nothing is allocated per block.
final class PieceBuffers {
    let storage: TorrentStorage
    let truth: PieceTruth
    let layout: PieceLayout
    let blockLimit: Int
    var pool: BlockPool
    var pieces: [PieceIndex: UnfinishedPiece] = [:]
    /// Pieces of which blocks are on their way to the disk.
    var flushing: Set<PieceIndex> = []
    /// Pieces that became whole meanwhile, and whether the digests of their blocks are wanted.
    var waiting: [PieceIndex: Bool] = [:]
    var heldBlocks = 0
    var lentBlocks = 0
    private var clock: UInt64 = 0

    /// Buffers of at most `memoryLimit` bytes before pieces go to the disk unchecked.
    init(storage: TorrentStorage, truth: PieceTruth, memoryLimit: Int = 64 << 20) {
        self.storage = storage
        self.truth = truth
        layout = storage.info.layout
        blockLimit = max(4, memoryLimit / BlockMemory.byteCount)
        pool = BlockPool(kept: blockLimit)
    }

    /// Bytes in memory, jobs on worker threads included.
    var memoryInUse: Int { (heldBlocks + lentBlocks) * BlockMemory.byteCount }
    /// Whether the worker threads are so far behind that nothing more should be read from the peers for now.
    var isFull: Bool { lentBlocks >= blockLimit || heldBlocks >= 2 * blockLimit }
    /// The pieces of which something is here.
    var unfinished: some Collection<PieceIndex> { pieces.keys }

    // MARK: Blocks in

    /// Copies bytes into a piece; false, and nothing changes, when they are not wholly inside it or are here already.
    /// What falls into padding is left out.
    @discardableResult
    func store(piece: PieceIndex, begin: UInt32, bytes: UnsafeRawBufferPointer) -> Bool {
        guard let length = layout.length(of: piece), let offset = layout.offset(of: piece), bytes.count > 0,
            Int(begin) + bytes.count <= length
        else { return false }
        clock += 1
        var unfinished =
            pieces.removeValue(forKey: piece)
            ?? UnfinishedPiece(piece: piece, offset: offset, length: length, map: storage.map)
        unfinished.usedAt = clock
        var position = Int(begin)
        var isNew = false
        while position < Int(begin) + bytes.count {
            let index = position / BlockMemory.byteCount
            let block = unfinished.range(of: index)
            let end = min(block.upperBound, Int(begin) + bytes.count)
            let part = unsafe UnsafeRawBufferPointer(
                rebasing: bytes[position - Int(begin)..<end - Int(begin)])
            if unfinished.blocks[index].place == .missing {
                unsafe copy(part, into: &unfinished, block: index, at: position - block.lowerBound)
                isNew = true
            }
            position = end
        }
        pieces[piece] = unfinished
        return isNew
    }

    /// Copies bytes into a piece.
    @discardableResult
    func store(piece: PieceIndex, begin: UInt32, bytes: RawSpan) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe store(piece: piece, begin: begin, bytes: $0) }
    }

    /// Copies bytes into a piece.
    @discardableResult
    func store(piece: PieceIndex, begin: UInt32, bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe store(piece: piece, begin: begin, bytes: $0) }
    }

    /// Copies bytes into a piece.
    @discardableResult
    func store(piece: PieceIndex, begin: UInt32, bytes: ArraySlice<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe store(piece: piece, begin: begin, bytes: $0) }
    }

    private func copy(
        _ bytes: UnsafeRawBufferPointer, into piece: inout UnfinishedPiece, block: Int, at position: Int
    ) {
        let memory: BlockMemory
        if let held = piece.blocks[block].memory {
            memory = held
        } else {
            memory = pool.lend()
            heldBlocks += 1
            piece.blocks[block].memory = memory
        }
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory.bytes[position...]).copyMemory(from: bytes)
        let start = piece.offset + Int64(block * BlockMemory.byteCount + position)
        piece.blocks[block].missing -= Int(storage.map.fileBytes(in: start..<start + Int64(bytes.count)))
        if piece.blocks[block].missing <= 0 {
            piece.blocks[block].place = .memory
            piece.missingBlocks -= 1
        }
    }

    // MARK: Whole pieces out

    /// The check of a piece of which all blocks are here, with the digests of its blocks also when it is good if
    /// `wantsDigests`. Nil when blocks are missing, and when some are on their way to the disk: then the job comes from
    /// `flushed`.
    func job(for piece: PieceIndex, wantsDigests: Bool = false) -> VerifyJob? {
        guard let unfinished = pieces[piece], unfinished.missingBlocks == 0 else { return nil }
        guard !flushing.contains(piece) else {
            waiting[piece] = wantsDigests
            return nil
        }
        pieces[piece] = nil
        let count = Self.memoryCount(of: unfinished)
        heldBlocks -= count
        lentBlocks += count
        return VerifyJob(unfinished, truth: truth, storage: storage, wantsDigests: wantsDigests)
    }

    /// Takes the memory of a job back once it has run. Of a bad piece whose bad blocks are known only those are missing
    /// again; of one that could not be checked or written, none.
    func finished(_ job: VerifyJob) {
        guard var piece = job.takePiece() else { return }
        lentBlocks -= Self.memoryCount(of: piece)
        let isReplaced = pieces[piece.piece] != nil
        switch job.outcome {
        case .bad(let bad) where !isReplaced && bad.blocks != nil:
            for block in bad.blocks ?? [] where block < piece.blocks.count {
                recycle(&piece, block)
                piece.empty(block, map: storage.map)
            }
            keep(piece)
        case .failed where !isReplaced, .unverifiable where !isReplaced: keep(piece)
        default: for block in piece.blocks.indices { recycle(&piece, block) }
        }
    }

    /// Gives up what is here of a piece.
    func forget(_ piece: PieceIndex) {
        waiting[piece] = nil
        guard var gone = pieces.removeValue(forKey: piece) else { return }
        heldBlocks -= Self.memoryCount(of: gone)
        for block in gone.blocks.indices { recycle(&gone, block) }
    }

    /// Gives up everything, and the memory kept for later.
    func forgetAll() {
        for piece in Array(pieces.keys) { forget(piece) }
        pool.drop()
    }

    private func keep(_ piece: UnfinishedPiece) {
        heldBlocks += Self.memoryCount(of: piece)
        pieces[piece.piece] = piece
    }

    private func recycle(_ piece: inout UnfinishedPiece, _ block: Int) {
        guard let memory = piece.blocks[block].memory.take() else { return }
        pool.giveBack(memory)
    }

    private static func memoryCount(of piece: UnfinishedPiece) -> Int {
        piece.blocks.reduce(0) { $0 + ($1.memory == nil ? 0 : 1) }
    }
}

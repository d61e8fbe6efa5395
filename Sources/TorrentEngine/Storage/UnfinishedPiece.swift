import Metainfo

/// The blocks of one piece on its way, 16 KiB each, the last may be shorter.
struct UnfinishedPiece: Sendable {
    /// Where a block is.
    enum Place: Sendable, Equatable {
        /// Not here yet, or only a part of it.
        case missing
        /// In memory, whole.
        case memory
        /// On its way to the disk.
        case flushing
        /// In its file, unchecked.
        case disk
        /// Padding: known, and on no disk.
        case zeros
    }

    struct Block: Sendable {
        var place: Place
        /// The bytes, also of a block of which only a part is here.
        var memory: BlockMemory?
        /// Bytes that are not here yet, without padding.
        var missing: Int
    }

    let piece: PieceIndex
    /// Where it begins in the torrent.
    let offset: Int64
    /// Length in bytes.
    let length: Int
    var blocks: [Block]
    /// Blocks that are missing.
    var missingBlocks: Int
    /// When it last got a block, by the buffers' own clock.
    var usedAt: UInt64 = 0

    init(piece: PieceIndex, offset: Int64, length: Int, map: ContentMap) {
        self.piece = piece
        self.offset = offset
        self.length = length
        blocks = stride(from: 0, to: length, by: BlockMemory.byteCount).map { begin in
            let end = min(begin + BlockMemory.byteCount, length)
            let missing = Int(map.fileBytes(in: offset + Int64(begin)..<offset + Int64(end)))
            return Block(place: missing == 0 ? .zeros : .missing, memory: nil, missing: missing)
        }
        missingBlocks = blocks.count { $0.place == .missing }
    }

    /// The bytes of a block, counted from the piece's first.
    func range(of block: Int) -> Range<Int> {
        let begin = block * BlockMemory.byteCount
        return begin..<min(begin + BlockMemory.byteCount, length)
    }

    /// Makes a block missing again.
    mutating func empty(_ block: Int, map: ContentMap) {
        guard blocks[block].place != .zeros else { return }
        let range = range(of: block)
        if blocks[block].place != .missing { missingBlocks += 1 }
        blocks[block].place = .missing
        blocks[block].missing = Int(
            map.fileBytes(in: offset + Int64(range.lowerBound)..<offset + Int64(range.upperBound)))
    }
}

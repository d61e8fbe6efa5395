import Metainfo

/// Blocks of unfinished pieces that stay on the disk between two runs.
extension PieceBuffers {
    /// The pieces of which blocks are on the disk, for the saved state.
    var partials: [PartialPiece] {
        pieces.values.compactMap { piece in
            var blocks = Bitfield(count: piece.blocks.count)
            for index in piece.blocks.indices where piece.blocks[index].place == .disk { blocks[index] = true }
            return blocks.isEmpty ? nil : PartialPiece(piece: piece.piece, blocks: blocks)
        }.sorted { $0.piece < $1.piece }
    }

    /// Remembers blocks that an earlier run left on the disk; returns their places in the piece, in bytes.
    /// A partial piece that does not fit the torrent is left out.
    func restore(_ partial: PartialPiece) -> [Range<Int>] {
        guard let length = layout.length(of: partial.piece), let offset = layout.offset(of: partial.piece),
            pieces[partial.piece] == nil
        else { return [] }
        var piece = UnfinishedPiece(piece: partial.piece, offset: offset, length: length, map: storage.map)
        guard partial.blocks.count == piece.blocks.count else { return [] }
        var restored: [Range<Int>] = []
        for index in piece.blocks.indices where partial.blocks[index] && piece.blocks[index].place == .missing {
            piece.blocks[index].place = .disk
            piece.blocks[index].missing = 0
            piece.missingBlocks -= 1
            restored.append(piece.range(of: index))
        }
        if !restored.isEmpty { pieces[partial.piece] = piece }
        return restored
    }
}

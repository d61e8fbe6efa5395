import Cryptography
import Metainfo
import PeerWire

/// A hash request that fits a file's tree: which nodes, and which uncles prove them (BEP 52).
struct HashSpan: Sendable {
    let file: TorrentFile
    /// The layer, 0 that of the leaves.
    let level: Int
    /// The nodes of that layer.
    let nodes: Range<Int>
    /// The sibling at each further layer that leads towards the root, lowest first.
    let uncles: [(level: Int, node: Int)]
    /// The layer whose nodes stand for pieces, or that of the root in a file of one piece.
    let pieceLevel: Int

    /// Nil for what no peer that follows the rules asks: an unknown root, a layer or nodes outside the tree, a length
    /// that is no power of two or too long, an index that is no multiple of it, or more proof than there are layers.
    init?(_ request: HashRequest, layers: PieceLayers, limits: HashServerLimits) {
        guard let file = layers.file(root: request.piecesRoot) else { return nil }
        let width = layers.leafWidth(of: file)
        let height = width.trailingZeroBitCount
        let pieceLevel = min(height, layers.leavesPerPiece.trailingZeroBitCount)
        guard let level = Int(exactly: request.baseLayer), level < height,
            let proofLayers = Int(exactly: request.proofLayers), proofLayers < height - level
        else { return nil }
        let (index, length) = (Int(request.index), Int(request.length))
        guard length >= 2, length & (length - 1) == 0, index.isMultiple(of: length),
            index + length <= width >> level, length <= max(limits.hashes, level == 0 ? layers.leavesPerPiece : 0),
            level >= pieceLevel || length << level <= max(limits.hashes, 1 << pieceLevel)
        else { return nil }
        self.file = file
        self.level = level
        nodes = index..<index + length
        self.pieceLevel = pieceLevel
        let top = level + length.trailingZeroBitCount
        uncles =
            top <= level + proofLayers
            ? (top...level + proofLayers).map { ($0, (index >> ($0 - level)) ^ 1) } : []
    }

    /// Whether blocks of the file must be hashed to answer, since only the layers from the pieces' up are kept.
    var needsLeaves: Bool { level < pieceLevel }

    /// The pieces of the file, counted from its first, that hold the nodes asked for.
    var pieces: Range<Int> {
        let shift = pieceLevel - level
        guard shift > 0 else { return nodes }
        return nodes.lowerBound >> shift..<((nodes.upperBound - 1) >> shift) + 1
    }
}

import Cryptography
import Metainfo
import PeerWire

/// The work behind one answer: reads the pieces that hold the wanted nodes, hashes their 16 KiB blocks, checks each piece
/// against the stored layer, and puts hashes and proof together.
struct HashJob: Sendable {
    let request: HashRequest
    private let span: HashSpan
    private let tree: HashTree?
    private let root: [UInt8]
    private let pieceLength: Int

    /// Nil when the file's layer is not known.
    init?(request: HashRequest, span: HashSpan, layers: PieceLayers) {
        tree = layers.tree(of: span.file)
        guard tree != nil || span.file.length <= layers.pieceLength else { return nil }
        self.request = request
        self.span = span
        root = request.piecesRoot
        pieceLength = layers.pieceLength
    }

    /// Bytes of the hashes in the answer.
    var answerLength: Int { (span.nodes.count + span.uncles.count) * MerkleTree.hashLength }

    /// Bytes that must be read and hashed first.
    var readLength: Int { span.needsLeaves ? span.pieces.count * pieceLength : 0 }

    /// The answer where nothing must be read.
    func answer() -> PeerMessage { message([]) }

    /// The answer from the file's blocks; blocking. Content that is unreadable or does not hash to the stored layer gives
    /// a reject: a wrong hash would get us banned.
    ///
    /// - Parameter read: fills the buffer with the torrent's bytes from an offset on; false when it cannot.
    func run(reading read: (_ offset: Int64, _ out: UnsafeMutableRawBufferPointer) -> Bool) -> PeerMessage {
        guard span.needsLeaves else { return answer() }
        var levels: [[UInt8]] = Array(repeating: [], count: span.pieceLevel)
        var buffer = [UInt8](repeating: 0, count: MerkleTree.blockLength)
        for piece in span.pieces {
            guard var nodes = unsafe leaves(of: piece, buffer: &buffer, read: read) else { return .hashReject(request) }
            for level in 0..<span.pieceLevel {
                levels[level] += nodes
                nodes = MerkleTree.layer(above: nodes, padding: [])
            }
            guard nodes.elementsEqual(expected(piece)) else { return .hashReject(request) }
        }
        return message(levels)
    }

    /// The answer from the blocks of the torrent's content.
    func run(file: ContentFile) -> PeerMessage {
        unsafe run { offset, out in unsafe file.read(into: out, at: offset) == nil }
    }

    /// The leaves of one piece, padded with zero leaves to a whole piece or, in a file of one piece, to its tree.
    private func leaves(
        of piece: Int, buffer: inout [UInt8], read: (Int64, UnsafeMutableRawBufferPointer) -> Bool
    ) -> [UInt8]? {
        let width = 1 << span.pieceLevel
        var leaves: [UInt8] = []
        leaves.reserveCapacity(width * MerkleTree.hashLength)
        var hasher = SHA256Hasher()
        let start = Int64(piece) * Int64(pieceLength)
        let end = min(span.file.length, start + Int64(pieceLength))
        for block in stride(from: start, to: end, by: MerkleTree.blockLength) {
            let count = Int(min(Int64(MerkleTree.blockLength), end - block))
            let isRead = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(span.file.offset + block, UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
            }
            guard isRead else { return nil }
            unsafe hasher.update(buffer.span.bytes.extracting(0..<count))
            hasher.finalize(appendingTo: &leaves)
        }
        leaves += repeatElement(0, count: max(0, width * MerkleTree.hashLength - leaves.count))
        return leaves
    }

    /// The hash of a piece of the file; behind its end that of zero leaves.
    private func expected(_ piece: Int) -> ArraySlice<UInt8> {
        guard let tree else { return root[...] }
        return tree.piece(piece) ?? tree.padding[...]
    }

    /// - Parameter levels: the layers below the pieces', from the first of `span.pieces` on.
    private func message(_ levels: [[UInt8]]) -> PeerMessage {
        var hashes: [UInt8] = []
        hashes.reserveCapacity(answerLength)
        guard append(span.nodes, level: span.level, from: levels, to: &hashes) else { return .hashReject(request) }
        for uncle in span.uncles {
            guard append(uncle.node..<uncle.node + 1, level: uncle.level, from: levels, to: &hashes) else {
                return .hashReject(request)
            }
        }
        return .hashes(request, hashes)
    }

    private func append(_ nodes: Range<Int>, level: Int, from levels: [[UInt8]], to out: inout [UInt8]) -> Bool {
        guard level < span.pieceLevel else {
            tree?.append(nodes, level: level - span.pieceLevel, to: &out)
            return tree != nil
        }
        let first = span.pieces.lowerBound << (span.pieceLevel - level)
        let start = (nodes.lowerBound - first) * MerkleTree.hashLength
        let end = (nodes.upperBound - first) * MerkleTree.hashLength
        guard levels.indices.contains(level), start >= 0, end <= levels[level].count else { return false }
        out += levels[level][start..<end]
        return true
    }
}

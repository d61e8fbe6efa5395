import Cryptography
import Metainfo

/// What the pieces of a torrent must hash to: SHA-1 (BEP 3), a Merkle tree of SHA-256 (BEP 52), or both.
struct PieceTruth: Sendable {
    /// The 32-byte hash of a piece's tree in the piece layer of its file; nil while it is not known.
    typealias LayerHash = @Sendable (PieceIndex) -> [UInt8]?
    /// The 32-byte hashes of all 16 KiB blocks of a piece, one after the other; nil while they are not known.
    typealias LeafHashes = @Sendable (PieceIndex) -> [UInt8]?

    private let info: TorrentInfo
    private let map: ContentMap
    private let layerHash: LayerHash
    private let leafHashes: LeafHashes

    /// The truth by `info`. Files of version 2 that are longer than a piece need `layerHash`.
    init(
        info: TorrentInfo, layerHash: @escaping LayerHash = { _ in nil },
        leafHashes: @escaping LeafHashes = { _ in nil }
    ) {
        self.info = info
        map = ContentMap(info)
        self.layerHash = layerHash
        self.leafHashes = leafHashes
    }

    /// The truth with the piece layers of a .torrent: each file's layer, 32 bytes a piece, by the file's root.
    init(info: TorrentInfo, pieceLayers: [[UInt8]: [UInt8]]) {
        let map = ContentMap(info)
        self.init(info: info) { piece in
            guard let offset = info.layout.offset(of: piece), let number = map.file(at: offset),
                let root = info.files[number].piecesRoot, let layer = pieceLayers[root]
            else { return nil }
            let index = (offset - info.files[number].offset) / Int64(info.pieceLength)
            let start = Int(index) * MerkleTree.hashLength
            guard start >= 0, start + MerkleTree.hashLength <= layer.count else { return nil }
            return Array(layer[start..<start + MerkleTree.hashLength])
        }
    }

    /// What one piece must be; nil when there is no such piece or nothing is known to check it against.
    func expectation(of piece: PieceIndex) -> PieceExpectation? {
        guard let length = info.layout.length(of: piece) else { return nil }
        let sha1 = info.sha1(of: piece)
        let tree = info.hasV2 ? tree(of: piece) : nil
        guard sha1 != nil || tree != nil else { return nil }
        return PieceExpectation(length: length, sha1: sha1, tree: tree)
    }

    private func tree(of piece: PieceIndex) -> PieceExpectation.Tree? {
        guard let offset = info.layout.offset(of: piece), let number = map.file(at: offset) else { return nil }
        let file = info.files[number]
        let start = offset - file.offset
        // Files of version 2 begin on a piece, so a piece has bytes of one file only.
        guard start >= 0, start % Int64(info.pieceLength) == 0, let root = file.piecesRoot else { return nil }
        let byteCount = Int(min(Int64(info.pieceLength), file.length - start))
        let leafCount = (byteCount - 1) / MerkleTree.blockLength + 1
        let isWholeFile = file.length <= Int64(info.pieceLength)
        var width = isWholeFile ? 1 : info.pieceLength / MerkleTree.blockLength
        while width < leafCount { width *= 2 }
        guard let hash = isWholeFile ? root : layerHash(piece), hash.count == MerkleTree.hashLength else { return nil }
        let leaves = leafCount == 1 && width == 1 ? hash : leafHashes(piece)
        return PieceExpectation.Tree(
            root: hash, width: width, byteCount: byteCount,
            leaves: leaves?.count == leafCount * MerkleTree.hashLength ? leaves : nil)
    }
}

/// What one piece must be.
struct PieceExpectation: Sendable {
    /// Length in bytes, padding included.
    let length: Int
    /// 20 bytes; nil in a torrent of version 2 alone.
    let sha1: ArraySlice<UInt8>?
    /// Nil in a torrent of version 1 alone, and while the hash is not known.
    let tree: Tree?

    /// A tree over blocks of 16 KiB.
    struct Tree: Sendable {
        /// The hash at its top, 32 bytes.
        let root: [UInt8]
        /// How many leaves it has once padded, a power of two.
        let width: Int
        /// How many bytes of the piece it covers, at least 1: those of the file, without padding.
        let byteCount: Int
        /// The hashes of the blocks, 32 bytes each, when they are known.
        let leaves: [UInt8]?
    }
}

import Cryptography
public import Metainfo

/// The piece layers of a torrent's files (BEP 52), each checked against its file's root.
///
/// A magnet link brings roots only; what is missing then comes from peers, through `HashFetch`.
public struct PieceLayers: Sendable {
    /// Bytes of a piece.
    let pieceLength: Int
    /// The files that have bytes, in order.
    let files: [TorrentFile]
    private let places: [[UInt8]: Int]
    private var trees: [[UInt8]: HashTree] = [:]

    /// The layers that fit the torrent's files; others are left out. Hashing takes a while for large torrents, some
    /// 0.1 s for a million pieces: keep it off event loops.
    public init(info: TorrentInfo, layers: [[UInt8]: [UInt8]] = [:]) {
        pieceLength = info.pieceLength
        let files = info.hasV2 ? info.files.filter { !$0.isPadding && $0.length > 0 && $0.piecesRoot != nil } : []
        self.files = files
        // Files of the same bytes have the same root, and any of them will do.
        places = Dictionary(
            files.enumerated().map { ($1.piecesRoot ?? [], $0) }, uniquingKeysWith: { first, _ in first })
        for (root, layer) in layers { add(layer, root: root) }
    }

    /// The checked layers of a torrent as its .torrent file brought them.
    public init(torrent: Torrent) { self.init(info: torrent.info, layers: torrent.pieceLayers) }

    /// Whether the hash of every piece is known. True also for version 1, which has none.
    public var isComplete: Bool { files.allSatisfy { $0.length <= pieceLength || tree(of: $0) != nil } }

    /// The files whose layers are not known yet, each root once.
    var missing: [TorrentFile] {
        var roots: Set<[UInt8]> = []
        return files.filter { file in
            guard let root = file.piecesRoot, file.length > pieceLength, trees[root] == nil else { return false }
            return roots.insert(root).inserted
        }
    }

    /// The layers as a .torrent file has them.
    public var dictionary: [[UInt8]: [UInt8]] { trees.mapValues(\.pieceLayer) }

    /// Takes a file's layer; false when no file has that root, when it has one piece only, or when the hashes do not
    /// lead to the root.
    @discardableResult
    public mutating func add(_ layer: [UInt8], root: [UInt8]) -> Bool {
        if trees[root] != nil { return true }
        guard let file = file(root: root), file.length > pieceLength,
            Int64(layer.count) == Int64(pieceCount(of: file)) * Int64(MerkleTree.hashLength),
            let tree = HashTree(root: root, layer: layer, leavesPerNode: leavesPerPiece)
        else { return false }
        trees[root] = tree
        return true
    }

    /// What a piece must hash to; nil when there is no such piece, when its file's layer is not known, and in
    /// version 1.
    func root(of piece: PieceIndex) -> PieceRoot? {
        let offset = Int64(piece.rawValue) * Int64(pieceLength)
        guard let file = file(at: offset), let root = file.piecesRoot else { return nil }
        let within = offset - file.offset
        let length = Int(min(Int64(pieceLength), file.length - within))
        guard file.length > pieceLength else {
            return PieceRoot(hash: root[...], length: length, width: leafWidth(of: file))
        }
        guard let hash = tree(of: file)?.piece(Int(within / Int64(pieceLength))) else { return nil }
        return PieceRoot(hash: hash, length: length, width: leavesPerPiece)
    }

    // MARK: Files and trees

    /// How many 16 KiB leaves a whole piece has.
    var leavesPerPiece: Int { max(1, pieceLength / MerkleTree.blockLength) }

    /// The layer whose nodes stand for pieces, in files longer than a piece.
    var pieceLevel: Int { leavesPerPiece.trailingZeroBitCount }

    /// The file a piece belongs to.
    func file(of piece: PieceIndex) -> TorrentFile? { file(at: Int64(piece.rawValue) * Int64(pieceLength)) }

    func tree(of file: TorrentFile) -> HashTree? { file.piecesRoot.flatMap { trees[$0] } }

    func file(root: [UInt8]) -> TorrentFile? { places[root].map { files[$0] } }

    func pieceCount(of file: TorrentFile) -> Int { Int((file.length - 1) / Int64(pieceLength)) + 1 }

    /// How many leaves the file's whole tree has, padded to a power of two.
    func leafWidth(of file: TorrentFile) -> Int {
        Self.powerOfTwo(atLeast: Int((file.length - 1) / Int64(MerkleTree.blockLength)) + 1)
    }

    static func powerOfTwo(atLeast count: Int) -> Int {
        count <= 1 ? 1 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }

    /// The file that has the byte at `offset`, counted from the torrent's first: a binary search.
    private func file(at offset: Int64) -> TorrentFile? {
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if files[middle].offset + files[middle].length <= offset { low = middle + 1 } else { high = middle }
        }
        guard low < files.count, files[low].offset <= offset else { return nil }
        return files[low]
    }
}

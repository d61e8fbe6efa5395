import Cryptography
import Metainfo

/// A folder as hybrids and version 2 lay it out: each file begins on a piece (BEP 52).
struct AlignedFolder {
    /// The files at their aligned places.
    let tree: FileTree
    /// Which file each piece belongs to.
    let pieces: AlignedFiles
    private let pieceLength: Int

    /// Throws `.treeTooLarge` when the aligned files are longer than 63 bits can count.
    init(tree: FileTree, pieceLength: Int) throws(TorrentCreationError) {
        let aligned = try tree.aligned(to: pieceLength)
        guard aligned.totalLength <= Int64.max - Int64(pieceLength) else { throw .treeTooLarge }
        self.tree = aligned
        self.pieceLength = pieceLength
        pieces = AlignedFiles(
            lengths: tree.entries.map(\.length).filter { $0 > 0 }, pieceLength: pieceLength)
    }

    /// Where the last piece ends. As the reference implementation does, the last file is padded too, but not one that is
    /// alone in its folder.
    var paddedLength: Int64 { tree.totalLength + (tree.entries.last { $0.length > 0 }.map(padding) ?? 0) }

    /// The torrent of the folder, its pieces hashed by `ParallelHasher` over `paddedLength` bytes.
    func torrent(name: String, hashes: PieceHashes, options: CreationOptions) -> CreatedTorrent {
        var files: [TorrentFile] = []
        var pieceLayers: [[UInt8]: [UInt8]] = [:]
        var filled = 0
        for entry in tree.entries {
            var root: [UInt8]?
            if entry.length > 0 {
                let layer = layer(of: filled, hashes)
                filled += 1
                root = self.root(of: layer)
                if let root, layer.count > root.count { pieceLayers[root] = layer }
            }
            files.append(
                TorrentFile(path: entry.components, length: entry.length, offset: entry.offset, piecesRoot: root))
            if options.format == .hybrid, let file = paddingFile(after: entry) { files.append(file) }
        }
        let infoBytes = InfoDictionary.multiFile(
            format: options.format, name: name, files: files, pieceLength: pieceLength, pieces: hashes.sha1Pieces,
            isPrivate: options.isPrivate)
        return CreatedTorrent(
            infoBytes: infoBytes, format: options.format, hashes: hashes, pieceLayers: pieceLayers)
    }

    /// The hashes of the pieces of one file that has bytes.
    private func layer(of file: Int, _ hashes: PieceHashes) -> [UInt8] {
        guard let range = pieces.pieces(of: file) else { return [] }
        let hash = MerkleTree.hashLength
        return Array(hashes.sha256PieceLayer[range.lowerBound * hash..<range.upperBound * hash])
    }

    private func root(of layer: [UInt8]) -> [UInt8] {
        layer.count > MerkleTree.hashLength
            ? MerkleTree.root(ofLayer: layer, leavesPerNode: pieceLength / MerkleTree.blockLength) : layer
    }

    private func paddingFile(after entry: FileTree.Entry) -> TorrentFile? {
        let length = padding(after: entry)
        guard length > 0 else { return nil }
        return TorrentFile(
            path: [".pad", String(length)], length: length, offset: entry.offset + entry.length, isPadding: true)
    }

    /// How many zeros follow a file up to the next piece.
    private func padding(after entry: FileTree.Entry) -> Int64 {
        let rest = (entry.offset + entry.length) % Int64(pieceLength)
        return tree.entries.count > 1 && entry.length > 0 && rest > 0 ? Int64(pieceLength) - rest : 0
    }
}

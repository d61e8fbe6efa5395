import Cryptography
import Metainfo

/// Makes a torrent of a file, or of all files below a folder in the order of their paths (BEP 3, BEP 52).
///
/// The same tree gives the same bytes everywhere, and those that libtorrent makes of it. Links that lead out of the
/// folder, or to folders, are refused.
///
/// - Parameters:
///   - path: the file or folder; relative to the working folder or absolute.
///   - options: format, piece length, name, privacy, threads.
///   - progress: called on a worker after each piece.
/// - Throws: `TorrentCreationError`, whose description is a sentence that names the path.
public func makeTorrent(
    path: String, options: CreationOptions = CreationOptions(),
    progress: (@Sendable (CreationProgress) -> Void)? = nil
) async throws(TorrentCreationError) -> CreatedTorrent {
    let tree = try FileTree(path: path)
    let total = tree.totalLength
    guard total > 0 else { throw .empty(path: path) }
    let name = options.name ?? lastComponent(of: tree.root)
    guard SafeName.isSafePathComponent(name) else { throw .badName(path: path) }
    let scheme = try PieceScheme(
        pieceLength: options.pieceLength ?? PieceLayout.recommendedPieceLength(forTotalLength: total),
        hashing: PieceHashing(options.format))
    let report: (@Sendable (Int64) -> Void)? = progress.map { progress in
        { @Sendable done in progress(CreationProgress(hashedLength: done, totalLength: total)) }
    }
    guard tree.isFolder, options.format.hasV2 else {
        let hasher = ParallelHasher(
            source: FileTreeSource(tree: tree), scheme: scheme, workers: options.workers, progress: report)
        let hashes = try await hasher.finish(totalLength: total)
        return tree.isFolder
            ? folderTorrent(name: name, tree: tree, hashes: hashes, isPrivate: options.isPrivate)
            : singleFileTorrent(name: name, hashes: hashes, format: options.format, isPrivate: options.isPrivate)
    }
    let folder = try AlignedFolder(tree: tree, pieceLength: scheme.pieceLength)
    let hasher = ParallelHasher(
        source: FileTreeSource(tree: folder.tree), scheme: scheme, files: folder.pieces, workers: options.workers,
        progress: report)
    let hashes = try await hasher.finish(totalLength: folder.paddedLength)
    return folder.torrent(name: name, hashes: hashes, options: options)
}

/// Version 1 puts the files of a folder directly after one another.
private func folderTorrent(name: String, tree: FileTree, hashes: PieceHashes, isPrivate: Bool) -> CreatedTorrent {
    let files = tree.entries.map { TorrentFile(path: $0.components, length: $0.length, offset: $0.offset) }
    let infoBytes = InfoDictionary.multiFileV1(
        name: name, files: files, pieceLength: hashes.pieceLength, pieces: hashes.sha1Pieces, isPrivate: isPrivate)
    return CreatedTorrent(infoBytes: infoBytes, format: .v1, hashes: hashes, pieceLayers: [:])
}

private func lastComponent(of path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? ""
}

extension PieceHashing {
    /// What a format needs.
    init(_ format: TorrentFormat) {
        switch format {
        case .v1: self = .sha1
        case .hybrid: self = .sha1AndTree
        case .v2: self = .tree
        }
    }
}

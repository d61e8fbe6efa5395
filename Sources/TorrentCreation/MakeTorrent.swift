import Metainfo

/// Makes a v1 torrent (BEP 3) of a file, or of all files below a folder in the order of their paths.
///
/// The same tree gives the same bytes everywhere. Links that lead out of the folder, or to folders, are refused.
///
/// - Parameters:
///   - path: the file or folder; relative to the working folder or absolute.
///   - options: piece length, name, privacy, threads.
///   - progress: called on a worker after each piece.
/// - Throws: `TorrentCreationError`, whose description is a sentence that names the path.
public func makeTorrent(
    path: String, options: CreationOptions = CreationOptions(),
    progress: (@Sendable (CreationProgress) -> Void)? = nil
) async throws(TorrentCreationError) -> CreatedTorrent {
    let tree = try FileTree(path: path)
    let total = tree.totalLength
    guard total > 0 else { throw .empty(path: path) }
    let scheme = try PieceScheme(
        pieceLength: options.pieceLength ?? PieceLayout.recommendedPieceLength(forTotalLength: total),
        hashing: tree.isFolder ? .sha1 : options.hashing)
    let hasher = ParallelHasher(
        source: FileTreeSource(tree: tree), scheme: scheme, workers: options.workers,
        progress: progress.map { progress in
            { @Sendable done in progress(CreationProgress(hashedLength: done, totalLength: total)) }
        })
    let hashes = try await hasher.finish(totalLength: total)
    let name = options.name ?? lastComponent(of: tree.root)
    guard SafeName.isSafePathComponent(name) else { throw .badName(path: path) }
    guard tree.isFolder else { return singleFileTorrent(name: name, hashes: hashes, isPrivate: options.isPrivate) }
    return folderTorrent(name: name, tree: tree, hashes: hashes, isPrivate: options.isPrivate)
}

private func folderTorrent(name: String, tree: FileTree, hashes: PieceHashes, isPrivate: Bool) -> CreatedTorrent {
    let files = tree.entries.map { TorrentFile(path: $0.components, length: $0.length, offset: $0.offset) }
    let infoBytes = InfoDictionary.multiFileV1(
        name: name, files: files, pieceLength: hashes.pieceLength, pieces: hashes.sha1Pieces, isPrivate: isPrivate)
    return CreatedTorrent(infoBytes: infoBytes, hashes: hashes)
}

private func lastComponent(of path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? ""
}

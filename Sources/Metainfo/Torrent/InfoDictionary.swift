import Bencode

/// Makes the `info` bytes of new torrents. The same arguments give the same bytes.
public enum InfoDictionary {
    /// One file, version 1 (BEP 3). `length` in bytes; `pieces` holds the SHA-1 of each piece, 20 bytes each.
    public static func singleFileV1(
        name: String, length: Int64, pieceLength: Int, pieces: [UInt8], isPrivate: Bool = false
    ) -> [UInt8] {
        singleFile(
            format: .v1, file: TorrentFile(path: [name], length: length, offset: 0), pieceLength: pieceLength,
            pieces: pieces, isPrivate: isPrivate)
    }

    /// Files in a folder called `name`, version 1 (BEP 3), each with its path below the folder and its length in bytes;
    /// padding files are marked (BEP 47).
    public static func multiFileV1(
        name: String, files: [TorrentFile], pieceLength: Int, pieces: [UInt8], isPrivate: Bool = false
    ) -> [UInt8] {
        multiFile(
            format: .v1, name: name, files: files, pieceLength: pieceLength, pieces: pieces, isPrivate: isPrivate)
    }

    /// One file in any format.
    ///
    /// - Parameters:
    ///   - file: its path is its name; `piecesRoot` is written for version 2.
    ///   - pieceLength: for version 2 a power of two of at least 16 KiB.
    ///   - pieces: the SHA-1 of each piece, 20 bytes each; not written for version 2 alone.
    ///   - isPrivate: whether clients may learn peers from trackers only (BEP 27).
    public static func singleFile(
        format: TorrentFormat, file: TorrentFile, pieceLength: Int, pieces: [UInt8], isPrivate: Bool = false
    ) -> [UInt8] {
        var fields = common(
            format, name: file.path.last ?? "", files: [file], pieceLength: pieceLength, pieces: pieces,
            isPrivate: isPrivate)
        if format.hasV1 { fields["length"] = .integer(file.length) }
        return BencodeTree.dictionary(fields).encoded()
    }

    /// Files in a folder called `name` in any format.
    ///
    /// - Parameters:
    ///   - files: in the order of the bytes of their paths' components; in a hybrid each begins on a piece, with padding
    ///     files between (BEP 47), which version 2 does not list.
    ///   - pieces: the SHA-1 of each piece, 20 bytes each; not written for version 2 alone.
    public static func multiFile(
        format: TorrentFormat, name: String, files: [TorrentFile], pieceLength: Int, pieces: [UInt8],
        isPrivate: Bool = false
    ) -> [UInt8] {
        var fields = common(
            format, name: name, files: files, pieceLength: pieceLength, pieces: pieces, isPrivate: isPrivate)
        if format.hasV1 { fields["files"] = .list(files.map(entry)) }
        return BencodeTree.dictionary(fields).encoded()
    }

    private static func common(
        _ format: TorrentFormat, name: String, files: [TorrentFile], pieceLength: Int, pieces: [UInt8], isPrivate: Bool
    ) -> [String: BencodeTree?] {
        [
            "file tree": format.hasV2 ? tree(of: files.filter { !$0.isPadding }, depth: 0) : nil,
            "meta version": format.hasV2 ? .integer(2) : nil,
            "name": .string(name),
            "piece length": .integer(Int64(pieceLength)),
            "pieces": format.hasV1 ? .bytes(pieces) : nil,
            "private": isPrivate ? .integer(1) : nil,
        ]
    }

    /// A file as version 1 lists it.
    private static func entry(_ file: TorrentFile) -> BencodeTree {
        .dictionary([
            "attr": file.isPadding ? .string("p") : nil,
            "length": .integer(file.length),
            "path": .list(file.path.map { .string($0) }),
        ])
    }

    /// Folders as version 2 nests them: a file is a dictionary under the empty key.
    private static func tree(of files: [TorrentFile], depth: Int) -> BencodeTree {
        // By bytes, since texts that look alike are equal as strings and yet name different files.
        var folders: [[UInt8]: [TorrentFile]] = [:]
        var entries: [[UInt8]: BencodeTree] = [:]
        for file in files where depth < file.path.count {
            let name = Array(file.path[depth].utf8)
            if depth == file.path.count - 1 {
                entries[name] = leaf(file)
            } else {
                folders[name, default: []].append(file)
            }
        }
        for (name, files) in folders where entries[name] == nil { entries[name] = tree(of: files, depth: depth + 1) }
        return .dictionary(entries)
    }

    private static func leaf(_ file: TorrentFile) -> BencodeTree {
        .dictionary([
            "": .dictionary([
                "length": .integer(file.length),
                "pieces root": file.length > 0 ? file.piecesRoot.map { .bytes($0) } : nil,
            ])
        ])
    }
}

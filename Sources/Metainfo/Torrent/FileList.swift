import Bencode

/// The files of one version's list, in order.
struct FileList {
    let files: [TorrentFile]
    /// Where the last file ends.
    let end: Int64
    let isSingleFile: Bool
}

/// Reads and checks the two ways in which `info` lists files.
struct FileListRules {
    let name: String
    let pieceLength: Int
    let limits: MetainfoLimits

    /// `length`, or `files` (BEP 3).
    func version1(_ info: BencodeDictionary) throws(MetainfoError) -> FileList {
        if let list = info["files"] {
            guard info["length"] == nil, let entries = list.list else { throw .missing(key: "files") }
            return try version1(entries)
        }
        guard let length = info["length"]?.integer else { throw .missing(key: "length") }
        guard length >= 0 else { throw .badLength }
        return FileList(files: [TorrentFile(path: [name], length: length, offset: 0)], end: length, isSingleFile: true)
    }

    private func version1(_ entries: BencodeList) throws(MetainfoError) -> FileList {
        var files: [TorrentFile] = []
        var offset: Int64 = 0
        for entry in entries {
            guard files.count < limits.files else { throw .tooManyFiles }
            guard let length = entry["length"]?.integer else { throw .missing(key: "length") }
            let attributes = entry["attr"]?.bytes ?? []
            if attributes.contains(UInt8(ascii: "l")) { throw .symbolicLink }
            let file = TorrentFile(
                path: try path(entry), length: length, offset: offset,
                isPadding: attributes.contains(UInt8(ascii: "p")))
            offset = try advance(offset, by: length)
            files.append(file)
        }
        guard !files.isEmpty else { throw .missing(key: "files") }
        try requireDistinctPaths(files)
        return FileList(files: files, end: offset, isSingleFile: false)
    }

    private func path(_ entry: BencodeValue) throws(MetainfoError) -> [String] {
        guard let components = (entry["path.utf-8"] ?? entry["path"])?.list else { throw .missing(key: "path") }
        var raw: [ArraySlice<UInt8>] = []
        for component in components {
            guard let bytes = component.bytes else { throw .badPath }
            raw.append(bytes)
        }
        guard let path = SafeName.path(raw, depth: limits.pathDepth) else { throw .badPath }
        return path
    }

    /// `file tree` (BEP 52): dictionaries are folders, the empty key marks a file. Each file begins on a piece.
    func version2(_ info: BencodeDictionary) throws(MetainfoError) -> FileList {
        guard pieceLength >= 16 << 10, pieceLength & (pieceLength - 1) == 0 else { throw .badPieceLength }
        guard let tree = info["file tree"] else { throw .missing(key: "file tree") }
        var files: [TorrentFile] = []
        var end: Int64 = 0
        // Entries still to be read, the next one last.
        var waiting = try children(of: tree, below: []).reversed().map { $0 }
        while let (path, node) = waiting.popLast() {
            if let leaf = node[""] {
                guard files.count < limits.files else { throw .tooManyFiles }
                guard node.dictionary.map({ Array($0).count }) == 1 else { throw .badPath }
                let file = try version2(leaf, path: path, after: end)
                end = try advance(file.offset, by: file.length)
                files.append(file)
            } else {
                guard path.count < limits.pathDepth else { throw .badPath }
                waiting += try children(of: node, below: path).reversed()
            }
        }
        guard !files.isEmpty else { throw .missing(key: "file tree") }
        try requireDistinctPaths(files)
        let isSingle = files.count == 1 && files[0].path == [name]
        return FileList(files: files, end: end, isSingleFile: isSingle)
    }

    private func children(
        of node: BencodeValue, below path: [String]
    ) throws(MetainfoError) -> [([String], BencodeValue)] {
        guard let entries = node.dictionary else { throw .missing(key: "file tree") }
        var children: [([String], BencodeValue)] = []
        for (key, value) in entries {
            guard let component = SafeName.pathComponent(key) else { throw .badPath }
            children.append((path + [component], value))
        }
        guard !children.isEmpty else { throw .badPath }
        return children
    }

    private func version2(
        _ leaf: BencodeValue, path: [String], after end: Int64
    ) throws(MetainfoError) -> TorrentFile {
        guard let length = leaf["length"]?.integer else { throw .missing(key: "length") }
        guard length >= 0 else { throw .badLength }
        if leaf["attr"]?.bytes?.contains(UInt8(ascii: "l")) == true { throw .symbolicLink }
        let root = leaf["pieces root"]?.bytes.map(Array.init)
        guard length == 0 ? root == nil : root?.count == 32 else { throw .missing(key: "pieces root") }
        let rest = end % Int64(pieceLength)
        let offset = rest == 0 || length == 0 ? end : try advance(end, by: Int64(pieceLength) - rest)
        return TorrentFile(path: path, length: length, offset: offset, piecesRoot: root)
    }

    /// The two lists of a hybrid must name the same files, and version 1 must pad each to a piece (BEP 52).
    func requireSameFiles(_ v1: FileList, _ v2: FileList) throws(MetainfoError) {
        let real = v1.files.filter { !$0.isPadding }
        // Whether there is a folder is for version 1 to say: a tree of one file under the torrent's name may be either.
        guard real.count == v2.files.count else { throw .hybridMismatch }
        for (old, new) in zip(real, v2.files) {
            let isAligned = old.length == 0 || old.offset % Int64(pieceLength) == 0
            guard old.path == new.path, old.length == new.length, isAligned else { throw .hybridMismatch }
        }
    }

    private func advance(_ offset: Int64, by length: Int64) throws(MetainfoError) -> Int64 {
        let (sum, overflow) = offset.addingReportingOverflow(length)
        guard length >= 0, !overflow else { throw .badLength }
        return sum
    }

    /// No two files of one path, and no file where another's folder is.
    private func requireDistinctPaths(_ files: [TorrentFile]) throws(MetainfoError) {
        var tree = PathTree()
        for file in files where !file.isPadding {
            guard tree.insert(file.path) else { throw .duplicatePath }
        }
    }
}

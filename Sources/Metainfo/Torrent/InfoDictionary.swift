import Bencode

/// Makes the `info` bytes of new torrents. The same arguments give the same bytes.
public enum InfoDictionary {
    /// One file, version 1 (BEP 3). `length` in bytes; `pieces` holds the SHA-1 of each piece, 20 bytes each.
    public static func singleFileV1(
        name: String, length: Int64, pieceLength: Int, pieces: [UInt8], isPrivate: Bool = false
    ) -> [UInt8] {
        BencodeTree.dictionary([
            "length": .integer(length),
            "name": .string(name),
            "piece length": .integer(Int64(pieceLength)),
            "pieces": .bytes(pieces),
            "private": isPrivate ? .integer(1) : nil,
        ]).encoded()
    }

    /// Files in a folder called `name`, version 1 (BEP 3), each with its path below the folder and its length in bytes;
    /// padding files are marked (BEP 47).
    public static func multiFileV1(
        name: String, files: [TorrentFile], pieceLength: Int, pieces: [UInt8], isPrivate: Bool = false
    ) -> [UInt8] {
        BencodeTree.dictionary([
            "files": .list(
                files.map { file in
                    .dictionary([
                        "attr": file.isPadding ? .string("p") : nil,
                        "length": .integer(file.length),
                        "path": .list(file.path.map { .string($0) }),
                    ])
                }),
            "name": .string(name),
            "piece length": .integer(Int64(pieceLength)),
            "pieces": .bytes(pieces),
            "private": isPrivate ? .integer(1) : nil,
        ]).encoded()
    }
}

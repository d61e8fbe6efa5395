import Bencode

/// The part of a torrent that is hashed and never changes: names, lengths, piece hashes (BEP 3, BEP 52).
public struct TorrentInfo: Hashable, Sendable {
    /// The torrent's name, made safe: the file's, or that of the folder around the files.
    public let name: String
    /// How many bytes a piece has.
    public let pieceLength: Int
    /// The files in order, padding among them.
    public let files: [TorrentFile]
    /// How the bytes, padding included, are cut into pieces.
    public let layout: PieceLayout
    /// Whether peers may come only from the torrent's trackers (BEP 27).
    public let isPrivate: Bool
    /// The SHA-1 of each piece, 20 bytes each; empty in a torrent of version 2 alone.
    public let pieces: [UInt8]
    /// 1, or 2 also for hybrids.
    public let metaVersion: Int

    /// Whether version 1 clients can use it.
    public let hasV1: Bool
    /// Whether it has the trees of version 2.
    public var hasV2: Bool { metaVersion == 2 }
    /// How many bytes there are from the first to the last, padding and gaps included.
    public var totalLength: Int64 { layout.totalLength }
    /// How many bytes the files have without padding.
    public var contentLength: Int64 { files.reduce(0) { $1.isPadding ? $0 : $0 + $1.length } }
    /// How many pieces there are.
    public var pieceCount: Int { layout.pieceCount }
    /// Whether there is one file and no folder around it.
    public let isSingleFile: Bool

    /// Reads the exact bytes of an `info` dictionary, from a .torrent or from peers (BEP 9).
    public init(decoding infoBytes: [UInt8], limits: MetainfoLimits = .default) throws(MetainfoError) {
        let document = try BencodeDocument.metainfo(infoBytes, limits: limits)
        try self.init(document.root, limits: limits)
    }

    /// The SHA-1 of one piece, 20 bytes; nil when there is no such piece or no version 1 hashes.
    public func sha1(of piece: PieceIndex) -> ArraySlice<UInt8>? {
        let start = Int(piece.rawValue) * 20
        guard start + 20 <= pieces.count else { return nil }
        return pieces[start..<start + 20]
    }

    init(_ info: BencodeValue, limits: MetainfoLimits) throws(MetainfoError) {
        guard let dictionary = info.dictionary else { throw .missing(key: "info") }
        let nameBytes = dictionary["name.utf-8"]?.bytes ?? dictionary["name"]?.bytes
        guard let nameBytes else { throw .missing(key: "name") }
        guard let name = SafeName.pathComponent(nameBytes) else { throw .badPath }
        guard let length = dictionary["piece length"]?.integer else { throw .missing(key: "piece length") }
        guard length > 0, length <= Int64(limits.pieceLength) else { throw .badPieceLength }
        let pieceLength = Int(length)
        let version = dictionary["meta version"]?.integer ?? 1
        guard version == 1 || version == 2 else { throw .unknownMetaVersion }

        let rules = FileListRules(name: name, pieceLength: pieceLength, limits: limits)
        let isV1 = dictionary["pieces"] != nil
        let v1 = isV1 || version == 1 ? try rules.version1(dictionary) : nil
        let v2 = version == 2 ? try rules.version2(dictionary) : nil
        if let v1, let v2 { try rules.requireSameFiles(v1, v2) }
        guard let list = Self.merged(v1, v2) else { throw .missing(key: "files") }

        self.name = name
        self.pieceLength = pieceLength
        files = list.files
        isSingleFile = list.isSingleFile
        layout = try PieceLayout(
            totalLength: list.end, pieceLength: pieceLength,
            shortPieces: v1 == nil ? Self.shortPieces(of: list.files, pieceLength: pieceLength) : [:])
        guard layout.pieceCount <= limits.pieces else { throw .tooManyPieces }
        isPrivate = dictionary["private"]?.integer == 1
        metaVersion = Int(version)
        hasV1 = v1 != nil
        pieces = v1 == nil ? [] : Array(dictionary["pieces"]?.bytes ?? [])
        guard v1 == nil || (isV1 && pieces.count == layout.pieceCount * 20) else { throw .badPieces }
    }

    /// The last piece of each file where it is not whole: version 2 has no padding, so a gap follows.
    private static func shortPieces(of files: [TorrentFile], pieceLength: Int) -> [PieceIndex: Int] {
        var pieces: [PieceIndex: Int] = [:]
        for file in files {
            let rest = Int(file.length % Int64(pieceLength))
            guard rest > 0, let last = UInt32(exactly: (file.offset + file.length - 1) / Int64(pieceLength)) else {
                continue
            }
            pieces[PieceIndex(last)] = rest
        }
        return pieces
    }

    /// In a hybrid the places are those of version 1 and the roots those of version 2.
    private static func merged(_ v1: FileList?, _ v2: FileList?) -> FileList? {
        guard let v1, let v2 else { return v1 ?? v2 }
        var roots = v2.files.lazy.map(\.piecesRoot).makeIterator()
        let files = v1.files.map { file in
            file.isPadding
                ? file
                : TorrentFile(
                    path: file.path, length: file.length, offset: file.offset, piecesRoot: roots.next() ?? nil)
        }
        return FileList(files: files, end: v1.end, isSingleFile: v1.isSingleFile)
    }
}

extension BencodeDocument {
    static func metainfo(_ bytes: [UInt8], limits: MetainfoLimits) throws(MetainfoError) -> BencodeDocument {
        guard bytes.count <= limits.bytes else { throw .tooLarge }
        let bencode = BencodeLimits(bytes: limits.bytes, depth: limits.depth, tokens: limits.tokens)
        do throws(BencodeError) {
            return try BencodeDocument(decoding: bytes, limits: bencode)
        } catch {
            throw MetainfoError(error)
        }
    }
}

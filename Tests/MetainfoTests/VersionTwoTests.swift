import Bencode
import Metainfo
import Testing

/// Torrents of version 2 and hybrids (BEP 52): two files in pieces of 16 KiB, the first of two pieces.
@Suite struct VersionTwoTests {
    static let rootA = [UInt8](repeating: 0xaa, count: 32)
    static let rootB = [UInt8](repeating: 0xbb, count: 32)

    static func leaf(_ length: Int64, _ root: [UInt8]?) -> BencodeTree {
        .dictionary(["": .dictionary(["length": .integer(length), "pieces root": root.map { .bytes($0) }])])
    }

    static func info(
        tree: BencodeTree = .dictionary([
            "a": leaf(20_000, rootA), "d": .dictionary(["b": leaf(5, rootB), "empty": leaf(0, nil)]),
        ]),
        pieceLength: Int64 = 16_384, hybrid: Bool = false, padding: Int64 = 12_768
    ) -> BencodeTree {
        func file(_ path: [String], _ length: Int64, _ attributes: String? = nil) -> BencodeTree {
            .dictionary([
                "attr": attributes.map { .string($0) }, "length": .integer(length),
                "path": .list(path.map { .string($0) }),
            ])
        }
        let files = BencodeTree.list([
            file(["a"], 20_000), file([".pad", "1"], padding, "p"), file(["d", "b"], 5), file(["d", "empty"], 0),
        ])
        return .dictionary([
            "file tree": tree, "files": hybrid ? files : nil, "meta version": .integer(2), "name": .string("folder"),
            "piece length": .integer(pieceLength),
            "pieces": hybrid ? .bytes([UInt8](repeating: 1, count: 60)) : nil,
        ])
    }

    static func torrent(
        hybrid: Bool = false, layers: BencodeTree? = .dictionary([rootA: .bytes([UInt8](repeating: 2, count: 64))])
    ) -> [UInt8] {
        BencodeTree.dictionary(["info": info(hybrid: hybrid), "piece layers": layers]).encoded()
    }

    @Test func readsTheFileTree() throws {
        let torrent = try Torrent(decoding: Self.torrent())
        let info = torrent.info
        #expect(info.hasV2 && !info.hasV1 && info.metaVersion == 2 && !info.isSingleFile)
        #expect(info.files.map(\.path) == [["a"], ["d", "b"], ["d", "empty"]])
        #expect(info.files.map(\.offset) == [0, 32_768, 32_773])
        #expect(info.files.map(\.piecesRoot) == [Self.rootA, Self.rootB, nil])
        #expect(info.totalLength == 32_773 && info.contentLength == 20_005 && info.pieceCount == 3)
        #expect((0..<4).map { info.layout.length(of: PieceIndex($0)) } == [16_384, 3_616, 5, nil])
        #expect(info.layout.block(piece: 1, begin: 0, length: 3_617, limit: 16_384) == nil)
        #expect(info.format == .v2)
        #expect(torrent.pieceLayers == [Self.rootA: [UInt8](repeating: 2, count: 64)])
        #expect(try Torrent(decoding: torrent.encoded()) == torrent)
    }

    @Test func readsHybrids() throws {
        let info = try Torrent(decoding: Self.torrent(hybrid: true)).info
        #expect(info.hasV1 && info.hasV2)
        #expect(info.files.map(\.isPadding) == [false, true, false, false])
        #expect(info.files.map(\.piecesRoot) == [Self.rootA, nil, Self.rootB, nil])
        #expect(info.pieces.count == 60)
    }

    @Test func aHybridFolderMayHoldOneFileOfItsOwnName() throws {
        let file = TorrentFile(path: ["same"], length: 5, offset: 0, piecesRoot: Self.rootB)
        let bytes = InfoDictionary.multiFile(
            format: .hybrid, name: "same", files: [file], pieceLength: 16_384, pieces: [UInt8](repeating: 1, count: 20))
        let info = try TorrentInfo(decoding: bytes)
        #expect(!info.isSingleFile && info.files == [file] && info.format == .hybrid)
    }

    @Test(arguments: TorrentFormat.allCases) func whatIsWrittenIsRead(format: TorrentFormat) throws {
        let root = format.hasV2 ? Self.rootA : nil
        let padding = TorrentFile(path: [".pad", "12768"], length: 12_768, offset: 20_000, isPadding: true)
        let files = [
            TorrentFile(path: ["a"], length: 20_000, offset: 0, piecesRoot: root),
            TorrentFile(path: ["d", "b"], length: 5, offset: format == .v1 ? 20_000 : 32_768, piecesRoot: root),
            TorrentFile(path: ["d", "empty"], length: 0, offset: format == .v1 ? 20_005 : 32_773),
        ]
        let written = format == .hybrid ? [files[0], padding, files[1], files[2]] : files
        let bytes = InfoDictionary.multiFile(
            format: format, name: "folder", files: written, pieceLength: 16_384,
            pieces: [UInt8](repeating: 1, count: format == .v1 ? 40 : 60), isPrivate: true)
        let info = try TorrentInfo(decoding: bytes)
        #expect(info.files == written)
        #expect(info.format == format && info.isPrivate && info.name == "folder")
        let pieces = (0..<3).map { info.layout.length(of: PieceIndex($0)) }
        switch format {
        case .v1: #expect(pieces == [16_384, 3_621, nil])
        case .hybrid: #expect(pieces == [16_384, 16_384, 5])
        case .v2: #expect(pieces == [16_384, 3_616, 5])
        }
    }

    @Test func aFileUnderItsOwnNameIsASingleFile() throws {
        let tree = BencodeTree.dictionary(["folder": Self.leaf(5, Self.rootB)])
        #expect(try TorrentInfo(decoding: Self.info(tree: tree).encoded()).isSingleFile)
    }

    @Test func refusesHalvesThatDiffer() {
        #expect(throws: MetainfoError.hybridMismatch) {
            try TorrentInfo(decoding: Self.info(hybrid: true, padding: 12_767).encoded())
        }
        let other = BencodeTree.dictionary(["a": Self.leaf(20_000, Self.rootA)])
        #expect(throws: MetainfoError.hybridMismatch) {
            try TorrentInfo(decoding: Self.info(tree: other, hybrid: true).encoded())
        }
    }

    @Test(
        arguments: [
            nil, .dictionary([:] as [[UInt8]: BencodeTree]), .dictionary([rootA: .bytes([1])]), .integer(1),
            .dictionary([[1]: .bytes([])]), .dictionary([rootA: .integer(1)]),
        ] as [BencodeTree?])
    func refusesLayersThatDoNotFit(layers: BencodeTree?) {
        #expect(throws: MetainfoError.badPieceLayers) { try Torrent(decoding: Self.torrent(layers: layers)) }
    }

    @Test(arguments: [0, 1, 8192, 16_385, 48 << 10] as [Int64]) func refusesOddPieceLengths(length: Int64) {
        #expect(throws: MetainfoError.badPieceLength) {
            try TorrentInfo(decoding: Self.info(pieceLength: length).encoded())
        }
    }

    @Test(
        arguments: [
            (.integer(1), .missing(key: "file tree")), (.dictionary([:] as [[UInt8]: BencodeTree]), .badPath),
            (.dictionary(["a": .integer(1)]), .missing(key: "file tree")),
            (.dictionary(["a": .dictionary([:] as [[UInt8]: BencodeTree])]), .badPath),
            (.dictionary(["": .dictionary(["length": .integer(0)])]), .badPath),
            (.dictionary(["a": leaf(5, nil)]), .missing(key: "pieces root")),
            (.dictionary(["a": leaf(0, rootA)]), .missing(key: "pieces root")),
            (.dictionary(["a": leaf(5, [1])]), .missing(key: "pieces root")),
            (.dictionary(["a": leaf(-5, rootA)]), .badLength),
            (.dictionary(["a": leaf(.max, rootA), "b": leaf(.max, rootB)]), .badLength),
            (.dictionary(["a": leaf(.max, rootA)]), .tooManyPieces),
            (.dictionary(["a/": leaf(0, nil), "a_": leaf(0, nil)]), .duplicatePath),
            (.dictionary(["a": .dictionary(["": .dictionary(["length": .integer(0)]), "b": leaf(0, nil)])]), .badPath),
        ] as [(BencodeTree, MetainfoError)])
    func refusesBadTrees(tree: BencodeTree, error: MetainfoError) {
        #expect(throws: error) { try TorrentInfo(decoding: Self.info(tree: tree).encoded()) }
    }

    @Test func aDeepTreeOverflowsNoStack() {
        var tree = Self.leaf(0, nil)
        for _ in 0..<98 { tree = .dictionary(["a": tree]) }
        #expect(throws: MetainfoError.notBencode(.limitExceeded)) {
            try TorrentInfo(decoding: Self.info(tree: tree).encoded())
        }
    }
}

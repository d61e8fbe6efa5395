import Bencode
import ByteCoding
import Cryptography
import Foundation
import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

/// A torrent of files with random bytes, and an empty folder for it that goes away with it.
final class StoredTorrent: Sendable {
    enum Format: CaseIterable { case v1, hybrid, v2 }

    /// The torrent's bytes, padding included.
    let bytes: [UInt8]
    let info: TorrentInfo
    let infoBytes: [UInt8]
    let pieceLayers: [[UInt8]: [UInt8]]
    /// Leaf hashes by the file's root.
    let leaves: [[UInt8]: [UInt8]]
    let folder: String

    /// Files by path and length; hybrids get padding after each but the last.
    init(
        _ format: Format, files: [(String, Int)], pieceLength: Int = 32_768, seed: UInt64 = 1, zeros: Bool = false
    ) throws {
        var generator = SplitMix64(seed: seed)
        let contents = files.map { file in
            (0..<file.1).map { _ in zeros ? 0 : UInt8(truncatingIfNeeded: generator.next()) }
        }
        let isSingle = files.count == 1 && !files[0].0.contains("/")
        var fields: [String: BencodeTree?] = [
            "name": .string(isSingle ? files[0].0 : "show"), "piece length": .integer(Int64(pieceLength)),
        ]
        if format != .v2 { fields.merge(Self.version1(files, contents, pieceLength, format, isSingle)) { $1 } }
        var layers: [[UInt8]: [UInt8]] = [:]
        var leaves: [[UInt8]: [UInt8]] = [:]
        if format != .v1 {
            fields["meta version"] = .integer(2)
            fields["file tree"] = Self.tree(files, contents, pieceLength, &layers, &leaves)
        }
        infoBytes = BencodeTree.dictionary(fields).encoded()
        info = try TorrentInfo(decoding: infoBytes)
        pieceLayers = layers
        self.leaves = leaves
        var whole = [UInt8](repeating: 0, count: Int(info.totalLength))
        let named = Dictionary(uniqueKeysWithValues: zip(files.map(\.0), contents))
        for file in info.files where !file.isPadding {
            let content = try #require(named[isSingle ? file.path[0] : file.path.joined(separator: "/")])
            whole.replaceSubrange(Int(file.offset)..<Int(file.offset + file.length), with: content)
        }
        bytes = whole
        folder = FileManager.default.temporaryDirectory.appending(path: "storage-test-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func version1(
        _ files: [(String, Int)], _ contents: [[UInt8]], _ pieceLength: Int, _ format: Format, _ isSingle: Bool
    ) -> [String: BencodeTree?] {
        var all: [UInt8] = []
        var list: [BencodeTree] = []
        for (index, file) in files.enumerated() {
            let path = file.0.split(separator: "/").map { BencodeTree.string($0) }
            list.append(.dictionary(["length": .integer(Int64(file.1)), "path": .list(path)]))
            all += contents[index]
            let padding = (pieceLength - all.count % pieceLength) % pieceLength
            guard format == .hybrid, index < files.count - 1, padding > 0 else { continue }
            list.append(
                .dictionary([
                    "attr": .string("p"), "length": .integer(Int64(padding)),
                    "path": .list([.string(".pad"), .string(String(padding))]),
                ]))
            all += [UInt8](repeating: 0, count: padding)
        }
        let pieces = stride(from: 0, to: all.count, by: pieceLength).flatMap {
            Digest.sha1(Array(all[$0..<min($0 + pieceLength, all.count)]))
        }
        return [
            "pieces": .bytes(pieces), "length": isSingle ? .integer(Int64(all.count)) : nil,
            "files": isSingle ? nil : .list(list),
        ]
    }

    private static func tree(
        _ files: [(String, Int)], _ contents: [[UInt8]], _ pieceLength: Int, _ layers: inout [[UInt8]: [UInt8]],
        _ allLeaves: inout [[UInt8]: [UInt8]]
    ) -> BencodeTree {
        final class Node { var children: [String: Node] = [:]; var leaf: BencodeTree? }
        let top = Node()
        for (file, content) in zip(files, contents) {
            var node = top
            for component in file.0.split(separator: "/").map(String.init) {
                let next = node.children[component] ?? Node()
                node.children[component] = next
                node = next
            }
            let leaves = stride(from: 0, to: content.count, by: 16_384).flatMap {
                Digest.sha256(Array(content[$0..<min($0 + 16_384, content.count)]))
            }
            let root = MerkleTree.root(ofLeaves: leaves)
            node.leaf = .dictionary([
                "length": .integer(Int64(content.count)), "pieces root": content.isEmpty ? nil : .bytes(root),
            ])
            allLeaves[root] = leaves
            guard content.count > pieceLength else { continue }
            layers[root] = MerkleTree.pieceLayer(ofLeaves: leaves, leavesPerPiece: pieceLength / 16_384)
        }
        func encoded(_ node: Node) -> BencodeTree {
            if let leaf = node.leaf { return .dictionary(["": leaf]) }
            return .dictionary(node.children.mapValues { Optional(encoded($0)) })
        }
        return encoded(top)
    }

    func storage(openFiles: Int = 32, calls: FileCalls = .system) -> TorrentStorage {
        TorrentStorage(info: info, folder: folder, openFiles: openFiles, calls: calls)
    }

    var truth: PieceTruth { PieceTruth(info: info, pieceLayers: pieceLayers) }

    var pieces: [PieceIndex] { (0..<UInt32(info.pieceCount)).map { PieceIndex($0) } }

    /// The bytes of one piece.
    func bytes(of piece: PieceIndex) throws -> [UInt8] {
        let offset = Int(try #require(info.layout.offset(of: piece)))
        return Array(bytes[offset..<offset + (try #require(info.layout.length(of: piece)))])
    }

    /// The leaf hashes of one piece.
    func leaves(of piece: PieceIndex) -> [UInt8]? {
        let offset = Int64(piece.rawValue) * Int64(info.pieceLength)
        guard
            let file = info.files.first(where: {
                !$0.isPadding && $0.offset <= offset && offset < $0.offset + $0.length
            }),
            let all = file.piecesRoot.flatMap({ leaves[$0] })
        else { return nil }
        let first = Int(offset - file.offset) / 16_384 * 32
        return Array(all[first..<min(all.count, first + info.pieceLength / 16_384 * 32)])
    }

    /// Puts all files in the folder, without the storage's help.
    func writeFiles() throws {
        for (index, file) in info.files.enumerated() where !file.isPadding {
            let url = URL(filePath: path(index))
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes[Int(file.offset)..<Int(file.offset + file.length)]).write(to: url)
        }
    }

    func path(_ file: Int) -> String {
        (info.isSingleFile ? [folder, info.name] : [folder, info.name] + info.files[file].path).joined(separator: "/")
    }

    func contents(_ file: Int) -> [UInt8]? { FileManager.default.contents(atPath: path(file)).map(Array.init) }

    /// Every file has its bytes, and there is nothing else in the folder.
    func expectWholeFiles(sourceLocation: SourceLocation = #_sourceLocation) {
        var names: Set<String> = []
        for (index, file) in info.files.enumerated() where !file.isPadding {
            names.insert(path(index))
            let isSame = contents(index) == Array(bytes[Int(file.offset)..<Int(file.offset + file.length)])
            #expect(isSame, "\(path(index)) differs", sourceLocation: sourceLocation)
        }
        #expect(Set(filesThere) == names, sourceLocation: sourceLocation)
    }

    /// The regular files below the folder.
    var filesThere: [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
        return all.map { folder + "/" + $0 }.filter {
            var facts = stat()
            return lstat($0, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
        }
    }
}

extension StorageError {
    /// The error that `body` throws.
    static func thrown(by body: () throws -> Void) -> StorageError? {
        do {
            try body()
            return nil
        } catch {
            return error as? StorageError
        }
    }
}

import Bencode
import ByteCoding
import Metainfo
import NIOCore
import Synchronization
import TestSupport

@testable import TorrentEngine

/// A torrent for web seed tests: its `info` and its bytes; the piece hashes are of no account here.
struct WebSeedTorrent: Sendable {
    let info: TorrentInfo
    /// All bytes, padding included.
    let bytes: [UInt8]

    /// One file, or a folder of files; a name beginning with `.pad` makes padding.
    init(_ files: [(name: String, length: Int)], pieceLength: Int = 65_536, isFolder: Bool = false) throws {
        let total = files.reduce(0) { $0 + $1.length }
        let pieces = [UInt8](repeating: 1, count: (total + pieceLength - 1) / pieceLength * 20)
        var fields: [String: BencodeTree?] = [
            "name": .string(isFolder ? "Ein Film & mehr" : files[0].name),
            "piece length": .integer(Int64(pieceLength)), "pieces": .bytes(pieces),
        ]
        if isFolder {
            fields["files"] = .list(
                files.map { name, length in
                    .dictionary([
                        "length": .integer(Int64(length)),
                        "path": .list(name.split(separator: "/").map { .string($0) }),
                        "attr": name.hasPrefix(".pad") ? .string("p") : nil,
                    ])
                })
        } else {
            fields["length"] = .integer(Int64(files[0].length))
        }
        info = try TorrentInfo(decoding: BencodeTree.dictionary(fields).encoded())
        var random = SplitMix64(seed: UInt64(total))
        var bytes: [UInt8] = []
        for file in files {
            if file.name.hasPrefix(".pad") {
                bytes += [UInt8](repeating: 0, count: file.length)
            } else {
                bytes += (0..<file.length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            }
        }
        self.bytes = bytes
    }

    /// The bytes of a file by its number.
    func file(_ number: Int) -> [UInt8] {
        let file = info.files[number]
        return Array(bytes[Int(file.offset)..<Int(file.offset + file.length)])
    }
}

/// Collects the blocks of a fetch.
final class BlockBasket: Sendable {
    private let blocks = Mutex<[WebSeedBlock]>([])

    var all: [WebSeedBlock] { blocks.withLock { $0 } }
    var count: Int { all.count }

    func add(_ new: [WebSeedBlock]) { blocks.withLock { $0 += new } }

    /// Whether the blocks lie where they say they do and are together a range of the torrent's bytes, in order.
    func hold(_ torrent: WebSeedTorrent, _ range: Range<Int>) -> Bool {
        var next = range.lowerBound
        for block in all {
            guard let start = torrent.info.layout.offset(of: block.piece), Int(start) + Int(block.begin) == next,
                torrent.bytes.dropFirst(next).starts(with: block.bytes.readableBytesView)
            else { return false }
            next += block.bytes.readableBytes
        }
        return next == range.upperBound
    }
}

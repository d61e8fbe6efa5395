import Bencode
import Cryptography
import Metainfo
import TestSupport
import Testing

@Suite struct ClipIndexFieldTests {
    static let files = [
        TorrentFile(path: ["a.mkv"], length: 10, offset: 0),
        TorrentFile(path: [".pad", "22"], length: 22, offset: 10, isPadding: true),
        TorrentFile(path: ["b.mkv"], length: 5, offset: 32),
    ]
    static let info = InfoDictionary.multiFileV1(
        name: "folder", files: files, pieceLength: 32, pieces: [UInt8](repeating: 0, count: 40))

    static func torrent(field: String) throws -> Torrent {
        try Torrent(decoding: Array("d10:clip-index\(field)4:info\(String(decoding: info, as: UTF8.self))e".utf8))
    }

    @Test func goesIntoTheTorrentAndOutAgain() throws {
        let plain = try Torrent(infoBytes: Self.info)
        var torrent = plain
        torrent.clipIndexes = [0: [1, 2, 3], 2: [0xff]]
        let bytes = torrent.encoded()
        let again = try Torrent(decoding: bytes)
        #expect(again == torrent && again.encoded() == bytes)
        #expect(again.extraFields.isEmpty)
        #expect(again.infoBytes == plain.infoBytes)
        #expect(Digest.sha1(again.infoBytes) == Digest.sha1(Self.info))
        let field = try BencodeDocument(decoding: bytes).root["clip-index"]
        #expect(field?["0"]?.bytes.map(Array.init) == [1, 2, 3] && field?["2"]?.bytes.map(Array.init) == [0xff])
        #expect(!String(decoding: plain.encoded(), as: UTF8.self).contains("clip-index"))
    }

    /// Keys sort as bytes: 10 before 2.
    @Test func manyFilesAreInOrder() throws {
        let files = (0..<120).map { TorrentFile(path: ["\($0)"], length: 1, offset: Int64($0)) }
        let info = InfoDictionary.multiFileV1(
            name: "f", files: files, pieceLength: 32, pieces: [UInt8](repeating: 0, count: 80))
        let all = Dictionary(uniqueKeysWithValues: (0..<120).map { ($0, [UInt8($0)]) })
        let again = try Torrent(decoding: Torrent(infoBytes: info, clipIndexes: all).encoded())
        #expect(again.clipIndexes == all.filter { $0.key < 100 })
    }

    @Test(
        arguments: [
            "i5e", "3:abc", "le", "de", "d1:0i5ee", "d1:1",  // Padding is no film.
            "d1:33:abce", "d2:003:abce", "d0:3:abce", "d2:-03:abce", "d1:00:e", "d1:x3:abce", "d7:00000003:abce",
            "d20:184467440737095516163:abce", "d1:0l3:abcee",
        ]) func whatIsMalformedIsLeftOut(field: String) throws
    {
        let field = field == "d1:1" ? "d1:13:abce" : field
        let torrent = try Self.torrent(field: field)
        #expect(torrent.clipIndexes.isEmpty && torrent.extraFields.isEmpty)
        #expect(torrent.encoded() == (try Torrent(infoBytes: Self.info)).encoded())
    }

    @Test func whatIsRightBesideItStays() throws {
        #expect(try Self.torrent(field: "d1:03:abc1:13:abc1:2i5e1:9lee").clipIndexes == [0: Array("abc".utf8)])
    }

    @Test func hasLimits() throws {
        let half = [UInt8](repeating: 7, count: 131_072)
        var torrent = try Torrent(infoBytes: Self.info, clipIndexes: [0: half, 2: half])
        #expect(try Torrent(decoding: torrent.encoded()).clipIndexes == torrent.clipIndexes)
        torrent.clipIndexes[2] = half + [0]
        #expect(try Torrent(decoding: torrent.encoded()).clipIndexes == [0: half])
        var limits = MetainfoLimits.default
        limits.clipIndexBytes = 131_071
        torrent.clipIndexes[2] = [5]
        #expect(try Torrent(decoding: torrent.encoded(), limits: limits).clipIndexes == [2: [5]])
        limits = .default
        limits.clipIndexes = 1
        #expect(try Torrent(decoding: torrent.encoded(), limits: limits).clipIndexes == [0: half])
    }

    @Test(arguments: 0..<20) func anyFieldIsSafe(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let original = try Torrent(infoBytes: Self.info, clipIndexes: [0: [1, 2, 3], 2: [9, 9]]).encoded()
        for _ in 0..<200 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<40, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let torrent = try? Torrent(decoding: bytes) else { continue }
            #expect(torrent.clipIndexes.keys.allSatisfy { [0, 2].contains($0) })
            #expect(try Torrent(decoding: torrent.encoded()) == torrent)
        }
    }
}

import Bencode
import ByteCoding
import Cryptography
import Foundation
import Metainfo
import TestSupport
import Testing

@Suite struct TorrentTests {
    static let info = InfoDictionary.singleFileV1(
        name: "film.mp4", length: 40_000, pieceLength: 32_768, pieces: [UInt8](repeating: 7, count: 40))

    static func torrent(info: String, rest: String = "") -> [UInt8] { Array("d4:info\(info)\(rest)e".utf8) }

    @Test func encodesWithSortedKeysAndReadsItBack() throws {
        var torrent = try Torrent(infoBytes: Self.info)
        torrent.announceTiers = [["udp://a/announce", "http://b/announce"], ["http://c/announce"]]
        torrent.webSeeds = ["http://h/videos/film/media/"]
        torrent.nodes = [try #require(NodeAddress("router.example:6881"))]
        torrent.creationDate = 1_700_000_000
        torrent.createdBy = "Reelswarm"
        torrent.comment = "é"
        let bytes = torrent.encoded(extraFields: ["reelswarm index": [1, 2, 3], "info": [0]])
        let again = try Torrent(decoding: bytes)
        #expect(again.extraFields == ["reelswarm index": [1, 2, 3]])
        #expect(again.infoBytes == Self.info)
        #expect(again.encoded() == bytes)
        torrent.extraFields = again.extraFields
        #expect(again == torrent)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("d8:announce16:udp://a/announce13:announce-listll16:"))
    }

    @Test func aSingleTrackerNeedsNoList() throws {
        let torrent = try Torrent(infoBytes: Self.info, announceTiers: [[], ["http://a/announce"]])
        let root = try BencodeDocument(decoding: torrent.encoded()).root
        #expect(root["announce"]?.string == "http://a/announce")
        #expect(root["announce-list"] == nil)
        #expect(root["url-list"] == nil)
        #expect(root["piece layers"] == nil)
    }

    @Test func knowsItsPieces() throws {
        let info = try TorrentInfo(decoding: Self.info)
        #expect(info.name == "film.mp4" && info.isSingleFile && info.hasV1 && !info.hasV2 && !info.isPrivate)
        #expect(info.pieceCount == 2 && info.totalLength == 40_000 && info.contentLength == 40_000)
        #expect(info.files == [TorrentFile(path: ["film.mp4"], length: 40_000, offset: 0)])
        #expect(info.sha1(of: PieceIndex(1)).map(Array.init) == [UInt8](repeating: 7, count: 20))
        #expect(info.sha1(of: PieceIndex(2)) == nil)
        #expect(info.sha1(of: PieceIndex(.max)) == nil)
    }

    @Test func readsFoldersWithPadding() throws {
        let files = [
            TorrentFile(path: ["a", "b.txt"], length: 10, offset: 0),
            TorrentFile(path: [".pad", "22"], length: 22, offset: 10, isPadding: true),
            TorrentFile(path: ["c"], length: 5, offset: 32),
        ]
        let bytes = InfoDictionary.multiFileV1(
            name: "folder", files: files, pieceLength: 32, pieces: [UInt8](repeating: 0, count: 40), isPrivate: true)
        let info = try TorrentInfo(decoding: bytes)
        #expect(info.files == files)
        #expect(info.totalLength == 37 && info.contentLength == 15)
        #expect(info.isPrivate && !info.isSingleFile)
    }

    @Test(arguments: [
        ("d6:lengthi1e12:piece lengthi1e6:pieces20:aaaaaaaaaaaaaaaaaaaae", MetainfoError.missing(key: "name")),
        ("d6:lengthi1e4:name1:n6:pieces20:aaaaaaaaaaaaaaaaaaaae", .missing(key: "piece length")),
        ("d6:lengthi1e4:name1:n12:piece lengthi0e6:pieces0:e", .badPieceLength),
        ("d6:lengthi1e4:name1:n12:piece lengthi-1e6:pieces0:e", .badPieceLength),
        ("d6:lengthi1e4:name1:n12:piece lengthi9223372036854775807e6:pieces0:e", .badPieceLength),
        ("d6:lengthi-1e4:name1:n12:piece lengthi1e6:pieces0:e", .badLength),
        ("d6:lengthi1e4:name1:n12:piece lengthi1e6:pieces19:aaaaaaaaaaaaaaaaaaae", .badPieces),
        ("d6:lengthi2e4:name1:n12:piece lengthi1e6:pieces20:aaaaaaaaaaaaaaaaaaaae", .badPieces),
        ("d6:lengthi1e4:name1:n12:piece lengthi1e6:piecesi1ee", .badPieces),
        ("d6:lengthi1e4:name1:n12:piece lengthi1ee", .badPieces),
        ("d4:name1:n12:piece lengthi1e6:pieces0:e", .missing(key: "length")),
        ("d6:lengthi1e4:name0:12:piece lengthi1e6:pieces20:aaaaaaaaaaaaaaaaaaaae", .badPath),
        ("d6:lengthi1e4:name1:.12:piece lengthi1e6:pieces20:aaaaaaaaaaaaaaaaaaaae", .badPath),
        ("d5:filesle4:name1:n12:piece lengthi1e6:pieces0:e", .missing(key: "files")),
        ("d5:filesle6:lengthi1e4:name1:n12:piece lengthi1e6:pieces0:e", .missing(key: "files")),
        ("d5:filesld6:lengthi1eee4:name1:n12:piece lengthi1e6:pieces0:e", .missing(key: "path")),
        ("d5:filesld6:lengthi1e4:pathleee4:name1:n12:piece lengthi1e6:pieces0:e", .badPath),
        ("d5:filesld6:lengthi1e4:pathli1eeee4:name1:n12:piece lengthi1e6:pieces0:e", .badPath),
        (
            "d5:filesld6:lengthi9223372036854775807e4:pathl1:aeed6:lengthi1e4:pathl1:beee"
                + "4:name1:n12:piece lengthi1e6:pieces0:e",
            .badLength
        ),
        (
            "d5:filesld6:lengthi0e4:pathl1:aeed6:lengthi0e4:pathl1:aeee4:name1:n12:piece lengthi1e6:pieces0:e",
            .duplicatePath
        ),
        (
            "d5:filesld6:lengthi0e4:pathl1:aeed6:lengthi0e4:pathl1:a1:beee4:name1:n12:piece lengthi1e6:pieces0:e",
            .duplicatePath
        ),
        ("d5:filesld4:attr1:l6:lengthi0e4:pathl1:aeee4:name1:n12:piece lengthi1e6:pieces0:e", .symbolicLink),
        ("d6:lengthi3000000e4:name1:n12:piece lengthi1e6:pieces0:e", .tooManyPieces),
        ("d6:lengthi9223372036854775807e4:name1:n12:piece lengthi1e6:pieces0:e", .tooManyPieces),
        ("d6:lengthi1e12:meta versioni3e4:name1:n12:piece lengthi1e6:pieces0:e", .unknownMetaVersion),
        ("d4:name1:n6:lengthi1e12:piece lengthi1e6:pieces0:e", .notBencode(.disorderedKeys)),
        ("le", .missing(key: "info")), ("i1e", .missing(key: "info")),
    ])
    func refusesBadInfo(info: String, error: MetainfoError) {
        #expect(throws: error) { try Torrent(decoding: Self.torrent(info: info)) }
        #expect(throws: error) { try TorrentInfo(decoding: Array(info.utf8)) }
    }

    /// Hazard M06.
    @Test func refusesWhatIsNoTorrent() {
        #expect(throws: MetainfoError.tooLarge) { try Torrent(decoding: [UInt8](repeating: 0, count: 10_000_001)) }
        #expect(throws: MetainfoError.notBencode(.malformed)) { try Torrent(decoding: Array("PK\u{3}\u{4}".utf8)) }
        #expect(throws: MetainfoError.notBencode(.malformed)) { try Torrent(decoding: Array("<!doctype html>".utf8)) }
        #expect(throws: MetainfoError.missing(key: "info")) { try Torrent(decoding: Array("de".utf8)) }
    }

    /// Hazard P06: metadata of three million tokens.
    @Test func refusesTooManyTokens() {
        let bytes =
            Array("l".utf8) + Array(repeatElement(Array("0:".utf8), count: 3_000_000).joined()) + Array("e".utf8)
        #expect(throws: MetainfoError.notBencode(.limitExceeded)) { try TorrentInfo(decoding: bytes) }
    }

    /// Hazard M07: foreign URLs are text, and there are not too many of them.
    @Test func boundsForeignURLs() throws {
        let urls = (0..<1000).map { BencodeTree.string("http://t/\($0)") }
        let bytes = BencodeTree.dictionary([
            "announce": .string("file:///etc/passwd"), "announce-list": .list([.list(urls), .integer(3), .list([])]),
            "info": .encoded(Self.info), "nodes": .list([.list([.string("a b"), .integer(1)]), .integer(1)]),
            "url-list": .list(urls + [.string(""), .string("http://a\n")]),
        ]).encoded()
        let torrent = try Torrent(decoding: bytes)
        #expect(torrent.announceTiers.map(\.count) == [100])
        #expect(torrent.webSeeds.count == 100)
        #expect(torrent.nodes.isEmpty)
    }

    @Test func noTruncationAndNoMutationTraps() throws {
        var torrents = [try Torrent(infoBytes: Self.info, announceTiers: [["http://a/announce"]]).encoded()]
        torrents += [VersionTwoTests.torrent(), VersionTwoTests.torrent(hybrid: true)]
        for good in torrents {
            for length in 0..<good.count {
                #expect(throws: MetainfoError.self) { try Torrent(decoding: Array(good[..<length])) }
            }
            var random = SplitMix64(seed: 6)
            for _ in 0..<10_000 {
                var bad = good
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                guard let torrent = try? Torrent(decoding: bad) else { continue }
                #expect(torrent.info.files.allSatisfy { $0.path.allSatisfy(SafeName.isSafePathComponent) })
                #expect(try Torrent(decoding: torrent.encoded()).info == torrent.info)
            }
        }
    }

    @Test func agreesWithTheCasesOfWebTorrent() throws {
        guard let folder = Conformance.folder("webtorrent-fixtures") else { return }
        for row in try Conformance.rows("webtorrent-fixtures") {
            guard let file = row["file"], let outcome = row["outcome"] else { continue }
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: file)))
            guard outcome == "accept" else {
                #expect(throws: MetainfoError.self, "\(file)") { try Torrent(decoding: bytes) }
                continue
            }
            let torrent = try Torrent(decoding: bytes)
            #expect(Hex.encode(Digest.sha1(torrent.infoBytes)) == row["sha1_of_info_bytes"], "\(file)")
            let note = row["note"] ?? ""
            if note.contains("no trackers") { #expect(torrent.announceTiers.isEmpty) }
            if note.contains("no web seeds") { #expect(torrent.webSeeds.isEmpty) }
            if note.contains("url-list list") { #expect(!torrent.webSeeds.isEmpty) }
            let urls = torrent.announceTiers.flatMap(\.self)
            #expect(Set(urls).count == urls.count)
        }
    }

    @Test func agreesWithTheCasesOfTransmissionOnPaths() throws {
        for row in try Conformance.rows("bencode-cases") {
            guard let name = row["name"], name.hasPrefix("path_"), let hex = row["hex"], let bytes = Hex.decode(hex)
            else { continue }
            let torrent = try? Torrent(decoding: bytes)
            #expect((torrent != nil) == (row["want"] == "ok"), "\(name)")
            #expect(torrent?.info.files.allSatisfy { $0.path.allSatisfy(SafeName.isSafePathComponent) } != false)
        }
    }
}

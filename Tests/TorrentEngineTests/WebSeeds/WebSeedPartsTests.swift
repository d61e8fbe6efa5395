import Metainfo
import NIOCore
import TestSupport
import Testing

@testable import TorrentEngine

/// BEP 19 without a network: names, stretches, blocks, fields.
@Suite struct WebSeedPartsTests {
    private func folder() throws -> WebSeedTorrent {
        try WebSeedTorrent(
            [
                ("a b/ä#?.mp4", 100_000), (".pad/31072", 31_072), ("leer.txt", 0), ("c.txt", 10),
                (".pad/65526", 65_526),
                ("%41", 70_000),
            ], isFolder: true)
    }

    @Test func aSingleFileIsAtItsURL() throws {
        let torrent = try WebSeedTorrent([("ein film.mp4", 10)])
        let files = try #require(WebSeedFiles(url: "https://h.example/x/y.mp4?z=1", info: torrent.info))
        #expect(files.url(of: 0) == "https://h.example/x/y.mp4?z=1")
        let named = try #require(WebSeedFiles(url: "https://h.example/media/", info: torrent.info))
        #expect(named.url(of: 0) == "https://h.example/media/ein%20film.mp4")
        #expect(named.url(of: 1).isEmpty && named.url(of: -1).isEmpty)
    }

    @Test(arguments: ["http://h.example/d", "http://h.example/d/"]) func filesLieInTheFolder(url: String) throws {
        let files = try #require(WebSeedFiles(url: url, info: try folder().info))
        #expect(files.url(of: 0) == "http://h.example/d/Ein%20Film%20%26%20mehr/a%20b/%C3%A4%23%3F.mp4")
        #expect(files.url(of: 5) == "http://h.example/d/Ein%20Film%20%26%20mehr/%2541")
    }

    @Test(arguments: [
        "", "ftp://h.example/x", "udp://h.example:80/", "http://", "http:///x", "http://user@h.example/",
        "http://h.example/a b", "http://h.example/x#y", "http://h.example:0/", "//h.example/", "file:///etc/passwd",
    ]) func otherURLsAreNone(url: String) throws {
        let torrent = try WebSeedTorrent([("f", 10)])
        #expect(WebSeedFiles(url: url, info: torrent.info) == nil)
    }

    @Test func spansCrossFilesAndPadding() throws {
        let torrent = try folder()
        let files = try #require(WebSeedFiles(url: "http://h.example/", info: torrent.info))
        let offsets = torrent.info.files.map(\.offset)
        #expect(offsets == [0, 100_000, 131_072, 131_072, 131_082, 196_608])
        #expect(
            files.stretches(of: 65_536..<200_000) == [
                .file(.init(index: 0, length: 100_000, bytes: 65_536...99_999, offset: 65_536)),
                .padding(100_000..<131_072), .file(.init(index: 3, length: 10, bytes: 0...9, offset: 131_072)),
                .padding(131_082..<196_608), .file(.init(index: 5, length: 70_000, bytes: 0...3_391, offset: 196_608)),
            ])
        #expect(files.stretches(of: 131_080..<131_082).count == 1)
        #expect(files.stretches(of: 5..<5).isEmpty && files.stretches(of: 300_000..<400_000).isEmpty)
        #expect(files.pieces(of: 0) == PieceIndex(0)...PieceIndex(1) && files.pieces(of: 2) == nil)
        #expect(files.pieces(of: 9) == nil)
    }

    /// Every way of cutting the stream gives the same blocks, as peers are asked for them.
    @Test func blocksAreThoseOfPeers() throws {
        var random = SplitMix64(seed: 5)
        for round in 0..<50 {
            let pieceLength = [16_384, 65_536, 40_000, 100, 16_385][round % 5]
            let total = Int.random(in: 1...100_000, using: &random) / (pieceLength == 100 ? 50 : 1) + 1
            let torrent = try WebSeedTorrent([("f", total)], pieceLength: pieceLength)
            let first = Int.random(in: 0..<torrent.info.pieceCount, using: &random) * pieceLength
            let last = min(total, first + Int.random(in: 1...4, using: &random) * pieceLength)
            var cutter = BlockCutter(layout: torrent.info.layout, range: Int64(first)..<Int64(last))
            var blocks: [WebSeedBlock] = []
            var rest = torrent.bytes[first...]
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 1...50_000, using: &random))
                cutter.take(ByteBuffer(bytes: part), into: &blocks)
                rest = rest.dropFirst(part.count)
            }
            #expect(cutter.missing == 0)
            let basket = BlockBasket()
            basket.add(blocks)
            #expect(basket.hold(torrent, first..<last))
            #expect(
                blocks.allSatisfy { block in
                    let length = torrent.info.layout.length(of: block.piece) ?? 0
                    return Int(block.begin) % 16_384 == 0
                        && block.bytes.readableBytes == min(16_384, length - Int(block.begin))
                })
        }
    }

    @Test func zerosAreCutToo() throws {
        let layout = try PieceLayout(totalLength: 100_000, pieceLength: 65_536)
        var cutter = BlockCutter(layout: layout, range: 0..<100_000)
        var blocks: [WebSeedBlock] = []
        cutter.take(ByteBuffer(repeating: 7, count: 10), into: &blocks)
        cutter.takeZeros(1_000_000, into: &blocks)
        #expect(cutter.missing == 0 && blocks.count == 7 && blocks[6].bytes.readableBytes == 100_000 - 6 * 16_384)
        #expect(Array(blocks[0].bytes.readableBytesView.prefix(11)) == [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0])
    }

    @Test func retryAfterIsSecondsOrADate() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(RetryAfter.seconds(of: date) == 784_111_777)
        #expect(RetryAfter.seconds(of: "Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(RetryAfter.wait("120", date: nil) == .seconds(120))
        #expect(RetryAfter.wait("Sun, 06 Nov 1994 08:50:37 GMT", date: date) == .seconds(60))
        #expect(RetryAfter.wait("Sun, 06 Nov 1994 08:48:37 GMT", date: date) == .zero)
        for bad in ["", "-1", "1.5", "+3", "99999999999", "Sun, 06 Nov 1994 08:49:37", "soon"] {
            #expect(RetryAfter.wait(bad, date: date) == nil)
        }
        #expect(RetryAfter.wait(date, date: nil) == nil && RetryAfter.wait(nil, date: date) == nil)
    }

    @Test func contentRangesAreReadStrictly() {
        #expect(ContentRange("bytes 0-99/1000")?.bytes == 0...99)
        #expect(ContentRange("BYTES 5-5/*")?.total == nil && ContentRange("BYTES 5-5/*")?.bytes == 5...5)
        for bad in [
            "", "bytes", "bytes 0-99", "bytes 99-0/100", "bytes 0-100/100", "bytes */100", "bytes -5/100",
            "bytes 0-9/-1", "bytes 0-9/1000000000000000000000", "items 0-9/10", "bytes 0-9/x", "bytes 0-9/10 ,",
        ] { #expect(ContentRange(bad) == nil, "\(bad)") }
    }

    @Test func fieldsOfChanceDoNotTrap() {
        var random = SplitMix64(seed: 9)
        let alphabet = Array("0123456789-/* bytesGMTJanSun,:".utf8)
        for _ in 0..<5_000 {
            let text = String(
                decoding: (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    alphabet.randomElement(using: &random) ?? 0
                }, as: UTF8.self)
            if let range = ContentRange(text) { #expect(range.bytes.lowerBound >= 0) }
            if let wait = RetryAfter.wait(text, date: "Sun, 06 Nov 1994 08:49:37 GMT") { #expect(wait >= .zero) }
        }
    }

    @Test func healthRestsLongerAndLonger() {
        var health = WebSeedHealth(limits: WebSeedLimits())
        var random = SplitMix64(seed: 1)
        let start = ContinuousClock.now
        var rests: [Duration] = []
        for _ in 0..<40 {
            guard case .resting(let time, _) = health.failed(asking: nil, reason: "x", now: start, using: &random)
            else { return #expect(Bool(false)) }
            rests.append(time)
        }
        #expect(rests[0] <= .seconds(2.5) && rests[3] >= .seconds(12) && rests[39] <= .seconds(2_250))
        #expect(throws: WebSeedError.self) { try health.begin(now: start) }
        #expect(
            health.failed(asking: .seconds(100_000), reason: "x", now: start, using: &random)
                == .resting(.seconds(1_800), reason: "x"))
        #expect(throws: Never.self) { try health.begin(now: start + .seconds(1_801)) }
        health.succeeded(skipped: 64 << 20)
        #expect(health.skipAllowance == 0)
        #expect(health.giveUp("a") == .useless(reason: "a") && health.giveUp("b") == .useless(reason: "a"))
        #expect(throws: WebSeedError.useless(reason: "a")) { try health.begin(now: start + .seconds(9_000)) }
    }
}

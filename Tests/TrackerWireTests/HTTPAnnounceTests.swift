import Bencode
import ByteCoding
import Metainfo
import TestSupport
import Testing
import TrackerWire

@Suite struct HTTPAnnounceTests {
    static let hash = String(repeating: "%01", count: 20)
    static let good = "info_hash=\(hash)&peer_id=-XX0001-123456789012&port=6881&uploaded=0&downloaded=0&left=7"

    static func parse(_ query: String) throws -> AnnounceRequest { try HTTPAnnounce.parse(query: Array(query.utf8)) }

    @Test func readsEveryField() throws {
        let request = try Self.parse(
            Self.good + "&event=started&numwant=50&key=00c0ffee&compact=0&no_peer_id=1&ip=8.8.8.8&ipv6=::1")
        #expect(request.infoHash.bytes == [UInt8](repeating: 1, count: 20))
        #expect(request.peerID.bytes == Array("-XX0001-123456789012".utf8))
        #expect(request.port == 6881 && request.left == 7 && request.uploaded == 0 && request.downloaded == 0)
        #expect(request.event == .started && request.numWant == 50 && request.key == 0x00c0_ffee)
        #expect(!request.compact && request.noPeerID)
    }

    @Test func fieldsHaveDefaults() throws {
        let request = try Self.parse("info_hash=\(Self.hash)&peer_id=-XX0001-123456789012&port=1&left=0")
        #expect(request.event == .none && request.numWant == nil && request.key == nil && request.compact)
    }

    @Test func hashesMayHoldAnyByte() throws {
        let bytes: [UInt8] = [0, 0x25, 0x26, 0x3d, 0x2b, 0x20, 0xff, 0x7f] + Array("plainASCII+~".utf8)
        let hash = try #require(InfoHash(bytes: bytes))
        let request = try Self.parse(
            "info_hash=%00%25%26%3D%2B%20%ff%7fplainASCII+~&peer_id=-XX0001-123456789012&port=1&left=0")
        #expect(request.infoHash == hash)
    }

    @Test func encodesWhatItReads() throws {
        for event in AnnounceEvent.allCases {
            let request = AnnounceRequest(
                infoHash: try #require(InfoHash(bytes: (235...254).map(UInt8.init))),
                peerID: try #require(PeerID(bytes: (0..<20).map(UInt8.init))), port: 65535, uploaded: .max,
                downloaded: 1, left: 2, event: event, numWant: 0, key: 5, compact: true, noPeerID: true)
            #expect(try Self.parse(HTTPAnnounce.query(for: request)) == request)
        }
    }

    @Test(arguments: [
        ("", "info_hash"), ("&&&", "info_hash"), ("=", "info_hash"), ("info_hash", "info_hash"),
        ("info_hash=-TEST01-6wfG2wk6wWLc&a", "peer_id"), ("info_hash=-TEST01-6wfG2wk6wWLc&=b?", "peer_id"),
        ("info_hash=abc", "info_hash"), ("info_hash=%0%a", "info_hash"), ("info_hash=%zz", "info_hash"),
        (good + "&info_hash=" + hash, "info_hash"), ("peer_id=abc", "peer_id"),
        ("info_hash=\(hash)&peer_id=-XX0001-123456789012&left=0", "port"),
        ("info_hash=\(hash)&peer_id=-XX0001-123456789012&left=0&port=0", "port"),
        ("info_hash=\(hash)&peer_id=-XX0001-123456789012&port=1", "left"),
        ("port=65536", "port"), ("port=-1", "port"), ("port=+1", "port"), ("port=", "port"), ("port=1.1", "port"),
        ("left=18446744073709551616", "left"), ("left=-1", "left"), ("uploaded=a", "uploaded"),
    ])
    func refusesAndSaysWhy(query: String, word: String) {
        let failure = #expect(throws: TrackerFailure.self) { try Self.parse(query) }
        #expect(failure?.reason.contains(word) == true)
    }

    @Test func refusesEndlessQueries() {
        #expect(throws: TrackerFailure.self) { try Self.parse(Self.good + String(repeating: "&", count: 64 << 10)) }
    }

    @Test func agreesWithTheCasesOfOtherTrackers() throws {
        for row in try Conformance.rows("http-tracker") {
            guard let target = row["target"]?.split(separator: " ").first, let want = row["want"] else { continue }
            let query = Array(target.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst())
            if target.hasPrefix("/scrape") {
                let request = try? HTTPScrape.parse(query: query)
                #expect((request == nil) == want.hasPrefix("failure reason"), "\(target)")
                #expect(request?.infoHashes.count ?? 0 <= ScrapeRequest.maximumHashes)
                continue
            }
            let request = try? HTTPAnnounce.parse(query: query)
            let mustFail = ["failure reason", "200 with \"failure reason\"", "no crash"].contains { want.hasPrefix($0) }
            let mayPass = want.contains(" or ") && !want.contains("(or 400)")
            if mustFail && !mayPass {
                #expect(request == nil, "\(target)")
            } else {
                #expect(request != nil, "\(target)")
            }
        }
    }

    @Test func noTruncationAndNoMutationTraps() {
        let good = Array((Self.good + "&event=started&numwant=50&key=00c0ffee&compact=0").utf8)
        var accepted = 0
        for length in 0..<good.count where (try? HTTPAnnounce.parse(query: Array(good[..<length]))) != nil {
            accepted += 1
        }
        var random = SplitMix64(seed: 7)
        for _ in 0..<30_000 {
            var bad = good
            for _ in 0..<3 {
                bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let request = try? HTTPAnnounce.parse(query: bad) {
                accepted += 1
                #expect(request.port > 0)
            }
            _ = try? HTTPScrape.parse(query: bad)
        }
        #expect(accepted > 1000)
    }
}

@Suite struct HTTPAnnounceAnswerTests {
    static let request = HTTPAnnounceTests.good
    static let peers = ["1.2.3.4:80", "[2001:db8::1]:6881", "5.6.7.8:65535"].compactMap { Endpoint($0) }

    static func request(compact: Bool) throws -> AnnounceRequest {
        var request = try HTTPAnnounceTests.parse(request)
        request.compact = compact
        return request
    }

    @Test(arguments: [true, false]) func readsWhatItEncodes(compact: Bool) throws {
        let answer = AnnounceAnswer(
            interval: 900, minInterval: 60, seeders: 1, leechers: 2, downloaded: 3,
            peers: compact ? [Self.peers[0], Self.peers[2], Self.peers[1]] : Self.peers,
            externalIP: IPAddress("9.8.7.6"), warning: "Look out")
        let bytes = HTTPAnnounce.encode(answer, for: try Self.request(compact: compact), family: .ipv4)
        #expect(throws: Never.self) { try BencodeDocument(decoding: bytes) }
        #expect(try HTTPAnnounce.decode(answer: bytes) == answer)
    }

    @Test func compactListsHaveSixOrEighteenBytesAPeer() throws {
        let answer = AnnounceAnswer(interval: 900, seeders: 0, leechers: 3, peers: Self.peers)
        let root = try BencodeDocument(
            decoding: HTTPAnnounce.encode(answer, for: try Self.request(compact: true), family: .ipv4)
        ).root
        #expect(root["peers"]?.bytes?.count == 12)
        #expect(root["peers6"]?.bytes?.count == 18)
        let none = AnnounceAnswer(interval: 900, seeders: 0, leechers: 0, peers: [])
        let text4 = HTTPAnnounce.encode(none, for: try Self.request(compact: true), family: .ipv4)
        #expect(String(decoding: text4, as: UTF8.self) == "d8:completei0e10:incompletei0e8:intervali900e5:peers0:e")
        let text6 = HTTPAnnounce.encode(none, for: try Self.request(compact: true), family: .ipv6)
        #expect(String(decoding: text6, as: UTF8.self).hasSuffix("5:peers0:6:peers60:e"))
    }

    @Test(arguments: [
        (TrackerFailure(reason: "No", retryIn: .never), "d14:failure reason2:No8:retry in5:nevere"),
        (TrackerFailure(reason: "No", retryIn: .minutes(5)), "d14:failure reason2:No8:retry ini5ee"),
        (TrackerFailure(reason: "No"), "d14:failure reason2:Noe"),
    ])
    func failuresTravel(failure: TrackerFailure, text: String) {
        #expect(String(decoding: failure.encoded(), as: UTF8.self) == text)
        #expect(throws: failure) { try HTTPAnnounce.decode(answer: failure.encoded()) }
        #expect(throws: failure) { try HTTPScrape.decode(answer: failure.encoded()) }
    }

    @Test(arguments: ["", "le", "de", "i1e", "d8:intervali0ee", "d8:intervali-5ee", "<html>", "d8:interval3:abce"])
    func refusesAnswersThatCannotBeRead(text: String) {
        #expect(throws: TrackerFailure.self) { try HTTPAnnounce.decode(answer: Array(text.utf8)) }
    }

    @Test func toleratesOddAnswers() throws {
        let text = "d8:intervali99999999999999e5:peersld2:ip9:localhost4:porti1eed2:ip7:1.2.3.44:porti70000eei5eee"
        let answer = try HTTPAnnounce.decode(answer: Array(text.utf8))
        #expect(answer.interval == .max && answer.peers.isEmpty)
        let odd = try HTTPAnnounce.decode(answer: Array("d5:peers7:1234567".utf8) + Array("8:intervali1ee".utf8))
        #expect(odd.peers.count == 1)
    }

    @Test func scrapesTravel() throws {
        let hashes = (0..<3).compactMap { InfoHash(bytes: [UInt8](repeating: 0xf0 + $0, count: 20)) }
        let request = ScrapeRequest(infoHashes: hashes)
        #expect(try HTTPScrape.parse(query: Array(HTTPScrape.query(for: request).utf8)) == request)
        var answer = ScrapeAnswer(files: [:], minRequestInterval: 60)
        for (index, hash) in hashes.enumerated() {
            answer.files[hash] = ScrapeCounts(
                complete: UInt32(index), downloaded: 2, incomplete: 3, downloaders: index == 0 ? nil : 1)
        }
        let bytes = HTTPScrape.encode(answer)
        #expect(throws: Never.self) { try BencodeDocument(decoding: bytes) }
        #expect(try HTTPScrape.decode(answer: bytes) == answer)
    }
}

import ByteCoding
import Metainfo
import TestSupport
import Testing
import TrackerWire

@Suite struct TrackerAnswerTests {
    static let peers = (1...9).compactMap { Endpoint("10.0.0.\($0):6881") }

    static func answer(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func trackerIDsTravelBothWays() throws {
        let request = try HTTPAnnounceTests.parse(HTTPAnnounceTests.good)
        let id: [UInt8] = [0, 0x26, 0xff, 0x2b]
        let answer = AnnounceAnswer(interval: 9, seeders: 1, leechers: 0, peers: [], warning: "w", trackerID: id)
        let bytes = HTTPAnnounce.encode(answer, for: request, family: .ipv4)
        #expect(try HTTPAnnounce.decode(answer: bytes) == answer)
        let query = Array(HTTPAnnounce.query(for: request, trackerID: id).utf8)
        #expect(HTTPAnnounce.trackerID(query: query) == id)
        #expect(try HTTPAnnounce.parse(query: query) == request)
        #expect(HTTPAnnounce.trackerID(query: Array(HTTPAnnounce.query(for: request).utf8)) == nil)
        #expect(HTTPAnnounce.trackerID(query: Array("trackerid=%f".utf8)) == nil)
    }

    @Test func limitsCutOrRefuse() throws {
        let request = try HTTPAnnounceTests.parse(HTTPAnnounceTests.good)
        let full = AnnounceAnswer(
            interval: 9, seeders: 1, leechers: 0, peers: Self.peers, warning: "a long warning", trackerID: [1, 2, 3, 4])
        let bytes = HTTPAnnounce.encode(full, for: request, family: .ipv4)
        let read = try HTTPAnnounce.decode(answer: bytes, limits: TrackerAnswerLimits(peers: 4, words: 3))
        #expect(read.peers == Array(Self.peers.prefix(4)) && read.warning == "a l" && read.trackerID == nil)
        #expect(throws: TrackerFailure.self) {
            try HTTPAnnounce.decode(answer: bytes, limits: TrackerAnswerLimits(bytes: bytes.count - 1))
        }
        var dictionaries = request
        dictionaries.compact = false
        let list = HTTPAnnounce.encode(full, for: dictionaries, family: .ipv4)
        #expect(try HTTPAnnounce.decode(answer: list, limits: TrackerAnswerLimits(peers: 2)).peers.count == 2)
        var packet: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 7] + [UInt8](repeating: 0, count: 12)
        for peer in Self.peers { peer.append(compactTo: &packet) }
        let span = packet.span
        let response = try UDPResponse.decode(span.bytes, family: .ipv4, limits: TrackerAnswerLimits(peers: 2))
        #expect(
            response
                == .announce(
                    transactionID: 7,
                    AnnounceAnswer(interval: 0, seeders: 0, leechers: 0, peers: Array(Self.peers.prefix(2)))))
    }

    @Test func scrapesOfTooManyTorrentsAreCut() throws {
        var answer = ScrapeAnswer(files: [:])
        for number in UInt8(0)..<20 {
            let hash = try #require(InfoHash(bytes: [UInt8](repeating: number, count: 20)))
            answer.files[hash] = ScrapeCounts(complete: 1, downloaded: 2, incomplete: 3)
        }
        let bytes = HTTPScrape.encode(answer)
        #expect(try HTTPScrape.decode(answer: bytes) == answer)
        #expect(try HTTPScrape.decode(answer: bytes, limits: TrackerAnswerLimits(torrents: 5)).files.count == 5)
    }

    /// BEP 31, and forms that trackers in the wild use.
    @Test(
        arguments: [
            ("d14:failure reason2:No8:retry in5:nevere", TrackerFailure(reason: "No", retryIn: .never)),
            ("d14:failure reason2:No8:retry ini5ee", TrackerFailure(reason: "No", retryIn: .minutes(5))),
            ("d14:failure reason2:No8:retry in2:10e", TrackerFailure(reason: "No", retryIn: .minutes(10))),
            ("d14:failure reason2:No8:retry in3:-10e", TrackerFailure(reason: "No")),
            ("d14:failure reason2:No8:retry ini-1ee", TrackerFailure(reason: "No")),
            ("d14:failure reason2:No8:retry ini9223372036854775807ee", TrackerFailure(reason: "No")),
            ("d14:failure reason0:e", TrackerFailure(reason: "")),
            ("d8:intervali5ee", nil), ("d14:failure reasoni5ee", nil), ("<html>", nil), ("", nil),
        ] as [(String, TrackerFailure?)]) func failuresAreRead(text: String, failure: TrackerFailure?)
    {
        #expect(TrackerFailure(answer: Self.answer(text)) == failure)
    }

    @Test func externalAddressesHaveFourOrSixteenBytes() throws {
        func external(_ bytes: [UInt8]) throws -> IPAddress? {
            let text = Self.answer("d11:external ip\(bytes.count):") + bytes + Self.answer("8:intervali5ee")
            return try HTTPAnnounce.decode(answer: text).externalIP
        }
        #expect(try external([1, 2, 3, 4]) == IPAddress("1.2.3.4"))
        #expect(
            try external([0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]) == IPAddress("2001:db8::1"))
        #expect(try external([1, 2, 3]) == nil)
        #expect(try external([]) == nil)
    }

    @Test func noTruncationAndNoMutationOfAnswersTraps() throws {
        let request = try HTTPAnnounceTests.parse(HTTPAnnounceTests.good)
        let full = AnnounceAnswer(
            interval: 900, minInterval: 60, seeders: 1, leechers: 2, downloaded: 3,
            peers: Self.peers + [try #require(Endpoint("[2001:db8::1]:80"))], externalIP: IPAddress("9.8.7.6"),
            warning: "w", trackerID: [1])
        let hash = request.infoHash
        let answers = [
            HTTPAnnounce.encode(full, for: request, family: .ipv4),
            HTTPScrape.encode(
                ScrapeAnswer(
                    files: [hash: ScrapeCounts(complete: 1, downloaded: 2, incomplete: 3, downloaders: 1)],
                    minRequestInterval: 60)),
            TrackerFailure(reason: "No", retryIn: .minutes(3)).encoded(),
        ]
        var random = SplitMix64(seed: 11)
        var read = 0
        for answer in answers {
            for length in 0..<answer.count {
                let cut = Array(answer[..<length])
                #expect((try? HTTPAnnounce.decode(answer: cut)) == nil)
                #expect((try? HTTPScrape.decode(answer: cut)) == nil)
                #expect(TrackerFailure(answer: cut) == nil)
            }
            for _ in 0..<5_000 {
                var bad = answer
                for _ in 0..<2 {
                    bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                if (try? HTTPAnnounce.decode(answer: bad)) != nil { read += 1 }
                if (try? HTTPScrape.decode(answer: bad)) != nil { read += 1 }
                if TrackerFailure(answer: bad) != nil { read += 1 }
            }
        }
        #expect(read > 500)
    }

    /// Every way to cut the options of an announce: they are whole, or the packet is refused (BEP 41).
    @Test func noCutOfUDPOptionsTraps() throws {
        var packet: [UInt8] = []
        let url = Array("/announce?passkey=\(String(repeating: "k", count: 300))".utf8)
        UDPRequest.appendAnnounce(
            try UDPRequestTests.request(), connectionID: 1, transactionID: 2, url: url, to: &packet)
        packet += [1, 1, 2, 3, 0x26, 0x61, 0x3d, 0, 2, 200]
        #expect(UDPRequestTests.urlData(packet) == String(decoding: url, as: UTF8.self) + "&a=")
        for length in UDPRequest.announceByteCount...packet.count {
            let cut = Array(packet[..<length])
            let isWhole = (try? UDPRequestTests.decode(cut)) != nil
            let found = UDPRequestTests.urlData(cut)
            #expect(isWhole || found.isEmpty, "\(length)")
            #expect((String(decoding: url, as: UTF8.self) + "&a=").hasPrefix(found))
        }
    }
}

import ByteCoding
import Metainfo
import TestSupport
import Testing
import TrackerWire

@Suite struct UDPRequestTests {
    static let hash = InfoHash(bytes: (1...20).map(UInt8.init))
    static let peer = PeerID(bytes: "-RS0100-123456789012".utf8)

    static func request(event: AnnounceEvent = .started) throws -> AnnounceRequest {
        AnnounceRequest(
            infoHash: try #require(hash), peerID: try #require(peer), port: 6881, uploaded: 3, downloaded: 1,
            left: .max, event: event, numWant: 50, key: 7)
    }

    static func announce(event: AnnounceEvent = .started, options: [UInt8] = []) throws -> [UInt8] {
        var packet: [UInt8] = []
        UDPRequest.appendAnnounce(try request(event: event), connectionID: 9, transactionID: 8, to: &packet)
        return packet + options
    }

    static func decode(_ packet: [UInt8]) throws(UDPRequestError) -> UDPRequest {
        let span = packet.span
        return try UDPRequest.decode(span.bytes)
    }

    static func urlData(_ packet: [UInt8]) -> String {
        let span = packet.span
        return String(decoding: UDPRequest.urlData(of: span.bytes), as: UTF8.self)
    }

    static func scrapeHash(_ index: Int, _ packet: [UInt8]) -> InfoHash? {
        let span = packet.span
        return UDPRequest.scrapeHash(at: index, of: span.bytes)
    }

    @Test func readsConnects() throws {
        var packet: [UInt8] = []
        UDPRequest.appendConnect(transactionID: 5, to: &packet)
        #expect(packet.count == 16)
        #expect(try Self.decode(packet) == .connect(transactionID: 5))
        #expect(try Self.decode(packet + [UInt8](repeating: 0, count: 100)) == .connect(transactionID: 5))
    }

    @Test(arguments: [AnnounceEvent.none, .started, .stopped, .completed]) func readsAnnounces(
        event: AnnounceEvent
    ) throws {
        var packet: [UInt8] = []
        let request = try Self.request(event: event)
        UDPRequest.appendAnnounce(request, connectionID: 9, transactionID: 8, to: &packet)
        #expect(packet.count == UDPRequest.announceByteCount)
        #expect(try Self.decode(packet) == .announce(connectionID: 9, transactionID: 8, request))
    }

    /// No BEP has the number, but it is how libtorrent tells that it wants no more (BEP 21).
    @Test func eventFourIsAPause() throws {
        var packet = try Self.announce()
        packet[83] = 4
        #expect(
            try Self.decode(packet)
                == .announce(connectionID: 9, transactionID: 8, try Self.request(event: .paused)))
    }

    /// BEP 15 has no number for a partial seed; libtorrent says 4 (BEP 21).
    @Test func partialSeedsMaySaySo() throws {
        var packet = try Self.announce()
        packet[83] = 4
        #expect(
            try Self.decode(packet) == .announce(connectionID: 9, transactionID: 8, try Self.request(event: .paused)))
        #expect(try Self.announce(event: .paused) == (try Self.announce(event: .none)))
    }

    @Test func aClaimedAddressChangesNothing() throws {
        var packet = try Self.announce()
        packet.replaceSubrange(84..<88, with: [8, 8, 8, 8])
        #expect(try Self.decode(packet) == .announce(connectionID: 9, transactionID: 8, try Self.request()))
    }

    @Test func aNegativeNumberOfPeersLeavesItToTheTracker() throws {
        var packet = try Self.announce()
        packet.replaceSubrange(92..<96, with: [0xff, 0xff, 0xff, 0xff])
        guard case .announce(_, _, let request) = try Self.decode(packet) else { throw UDPRequestError.notARequest }
        #expect(request.numWant == nil)
        packet.replaceSubrange(92..<96, with: [0x7f, 0xff, 0xff, 0xff])
        guard case .announce(_, _, let greedy) = try Self.decode(packet) else { throw UDPRequestError.notARequest }
        #expect(greedy.numWant == Int(Int32.max))
    }

    @Test func faultsCanBeToldToProvenSources() throws {
        func fault(_ change: (inout [UInt8]) -> Void) throws -> UDPFault? {
            var packet = try Self.announce()
            change(&packet)
            do throws(UDPRequestError) {
                _ = try Self.decode(packet)
                return nil
            } catch {
                guard case .refused(9, 8, let fault) = error else { return nil }
                #expect(8 + fault.message.utf8CodeUnitCount <= packet.count)
                return fault
            }
        }
        #expect(try fault { $0.removeLast() } == .shortAnnounce)
        #expect(try fault { $0[83] = 99 } == .badEvent)
        #expect(
            try fault {
                $0[96] = 0; $0[97] = 0
            } == .badPort)
        #expect(try fault { $0[11] = 4 } == .unknownAction)
        #expect(try fault { $0[11] = 99 } == .unknownAction)
        #expect(
            try fault {
                $0[11] = 2; $0.removeLast(98 - 16)
            } == .noHashes)
        #expect(try fault { $0 += [2] } == .badOptions)
        #expect(try fault { $0 += [2, 1] } == .badOptions)
    }

    @Test func readsScrapes() throws {
        let hashes = (0..<80).compactMap { InfoHash(bytes: [UInt8](repeating: $0, count: 20)) }
        var packet: [UInt8] = []
        UDPRequest.appendScrape(hashes, connectionID: 9, transactionID: 8, to: &packet)
        #expect(packet.count == 16 + 74 * 20)
        #expect(try Self.decode(packet) == .scrape(connectionID: 9, transactionID: 8, hashCount: 74))
        #expect((0..<74).map { Self.scrapeHash($0, packet) } == hashes.prefix(74).map(Optional.some))
        for outside in [-1, 74, .max, .min] { #expect(Self.scrapeHash(outside, packet) == nil) }
        let uneven = Array(packet.prefix(16 + 30))
        #expect(try Self.decode(uneven) == .scrape(connectionID: 9, transactionID: 8, hashCount: 1))
        #expect(Self.scrapeHash(1, uneven) == nil)
    }

    @Test func readsThePathOfTheURL() throws {
        let url = Array(("/announce?" + String(repeating: "x", count: 600)).utf8)
        var packet: [UInt8] = []
        UDPRequest.appendAnnounce(
            try Self.request(), connectionID: 9, transactionID: 8, url: url, to: &packet)
        #expect(try Self.decode(packet) == .announce(connectionID: 9, transactionID: 8, try Self.request()))
        #expect(Self.urlData(packet) == String(decoding: url, as: UTF8.self))
        #expect(Self.urlData(try Self.announce(options: [1, 1, 2, 1, 47, 0, 2, 9])) == "/")
        #expect(Self.urlData(try Self.announce(options: [7, 1, 47, 2, 1, 97])) == "a")
    }

    @Test func agreesWithTheCasesOfOtherTrackers() throws {
        for row in try Conformance.rows("udp-tracker") {
            guard let name = row["name"], let hex = row["hex"], let want = row["want"], hex != "BUILD" else { continue }
            guard !name.hasPrefix("bep41_option_") else {
                let packet = try Self.announce(options: try #require(Hex.decode(hex)))
                let isMalformed = want.contains("malformed")
                #expect(((try? Self.decode(packet)) == nil) == isMalformed, "\(name)")
                let query = Self.urlData(packet).drop { $0 != "?" }.dropFirst()
                let wanted = want.split(separator: ": ").last.map { $0 == "empty" ? "" : String($0) }
                let plain = PercentEncoding.decode(query.utf8, plusIsSpace: false) ?? []
                if !isMalformed {
                    #expect(String(decoding: plain, as: UTF8.self) == wanted?.filter { $0 != "\"" }, "\(name)")
                }
                continue
            }
            let packet = hex == "EMPTY" ? [] : try #require(Hex.decode(hex))
            let request = try? Self.decode(packet)
            switch name {
            case "connect", "connect_extra_bytes": #expect(request == .connect(transactionID: 1))
            case "announce_bad_connid", "scrape_bad_connid": #expect(request != nil)
            default: #expect(request == nil, "\(name)")
            }
        }
    }

    @Test func noTruncationAndNoMutationTraps() throws {
        let good = try Self.announce(options: [1, 2, 2, 47, 97, 0])
        for length in 0..<UDPRequest.announceByteCount { #expect((try? Self.decode(Array(good[..<length]))) == nil) }
        #expect((try? Self.decode([UInt8](repeating: 0, count: 3000))) == nil)
        var random = SplitMix64(seed: 8)
        var accepted = 0
        for _ in 0..<30_000 {
            var bad = good
            for _ in 0..<3 {
                bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bad[11] = 1 }
            if (try? Self.decode(bad)) != nil { accepted += 1 }
            _ = (Self.urlData(bad), Self.scrapeHash(Int(bad[0]), bad))
        }
        #expect(accepted > 1000)
    }
}

@Suite struct UDPResponseTests {
    static func bytes(capacity: Int = 2048, _ write: (inout MutableRawSpan) -> Int?) -> [UInt8]? {
        var memory = [UInt8](repeating: 0xee, count: capacity)
        var span = memory.mutableSpan
        var raw = span.mutableBytes
        guard let count = write(&raw) else { return nil }
        return Array(memory.prefix(count))
    }

    static func decode(_ packet: [UInt8], family: AddressFamily = .ipv4) throws -> UDPResponse {
        let span = packet.span
        return try UDPResponse.decode(span.bytes, family: family)
    }

    @Test func connectsTravel() throws {
        let packet = Self.bytes { UDPResponse.encodeConnect(transactionID: 1, connectionID: 0x0102, into: &$0) }
        #expect(packet == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2])
        #expect(try Self.decode(try #require(packet)) == .connect(transactionID: 1, connectionID: 0x0102))
        #expect(
            Self.bytes(capacity: 15) { UDPResponse.encodeConnect(transactionID: 1, connectionID: 1, into: &$0) } == nil)
    }

    /// The packet's family decides on the peers: 20 + 6n or 20 + 18n bytes (BEP 15).
    @Test(arguments: [(AddressFamily.ipv4, 32), (.ipv6, 38)]) func announcesTravel(
        family: AddressFamily, length: Int
    ) throws {
        let answer = AnnounceAnswer(
            interval: 900, seeders: 5, leechers: 3, peers: HTTPAnnounceAnswerTests.peers)
        let packet = try #require(
            Self.bytes { UDPResponse.encodeAnnounce(transactionID: 4, answer, family: family, into: &$0) })
        #expect(packet.count == length)
        var expected = answer
        expected.peers = answer.peers.filter { AddressFamily(of: $0.address) == family }
        #expect(try Self.decode(packet, family: family) == .announce(transactionID: 4, expected))
    }

    @Test func onlyPeersThatFitAreWritten() {
        let answer = AnnounceAnswer(interval: 900, seeders: 5, leechers: 3, peers: HTTPAnnounceAnswerTests.peers)
        for (capacity, count) in [(19, nil), (20, 20), (25, 20), (26, 26), (31, 26), (32, 32)] as [(Int, Int?)] {
            let packet = Self.bytes(capacity: capacity) {
                UDPResponse.encodeAnnounce(transactionID: 4, answer, family: .ipv4, into: &$0)
            }
            #expect(packet?.count == count)
        }
    }

    @Test func scrapesTravel() throws {
        let counts = (0..<3).map { ScrapeCounts(complete: $0, downloaded: 9, incomplete: 1) }
        let packet = Self.bytes { out in
            guard var end = UDPResponse.encodeScrapeHead(transactionID: 6, into: &out) else { return nil }
            for count in counts {
                guard let next = UDPResponse.encode(counts: count, at: end, into: &out) else { return nil }
                end = next
            }
            return end
        }
        #expect(packet?.count == 8 + 3 * 12)
        #expect(try Self.decode(try #require(packet)) == .scrape(transactionID: 6, counts))
    }

    @Test func errorsTravelAndAreCutToWhatMayBeSent() throws {
        let packet = Self.bytes {
            UDPResponse.encodeError(transactionID: 6, message: "unregistered torrent", into: &$0)
        }
        #expect(try Self.decode(try #require(packet)) == .error(transactionID: 6, message: "unregistered torrent"))
        let cut = Self.bytes(capacity: 11) {
            UDPResponse.encodeError(transactionID: 6, message: "unregistered torrent", into: &$0)
        }
        #expect(try Self.decode(try #require(cut)) == .error(transactionID: 6, message: "unr"))
        #expect(Self.bytes(capacity: 7) { UDPResponse.encodeError(transactionID: 6, message: "a", into: &$0) } == nil)
    }

    @Test func noPacketTraps() throws {
        var random = SplitMix64(seed: 9)
        var accepted = 0
        for _ in 0..<20_000 {
            var packet = (0..<Int.random(in: 0...100, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if packet.count > 3 {
                packet.replaceSubrange(0..<4, with: [0, 0, 0, UInt8.random(in: 0...4, using: &random)])
            }
            if (try? Self.decode(packet, family: Bool.random(using: &random) ? .ipv4 : .ipv6)) != nil { accepted += 1 }
        }
        #expect(accepted > 1000)
    }
}

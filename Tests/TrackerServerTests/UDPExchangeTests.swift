import ByteCoding
import Metainfo
import TestSupport
import Testing
import TrackerWire

@testable import TrackerServer

@Suite struct UDPExchangeTests {
    private let clock = TestClock()
    private let tracker: Tracker
    private let ids = ConnectionIDs()

    init() { tracker = makeTracker(clock: clock) }

    /// One datagram through a fresh exchange; empty for silence.
    private func send(_ packet: [UInt8], from ip: String = "9.0.0.1") -> [UInt8] {
        var exchange = UDPExchange(logic: tracker.logic, ids: ids)
        var out = [UInt8](repeating: 0xee, count: 2048)
        var span = out.mutableSpan
        var bytes = span.mutableBytes
        let length = exchange.answer(
            packet.span.bytes, from: address(ip), at: address("127.0.0.1"), now: clock.now, into: &bytes)
        return Array(out[..<length])
    }

    private func announce(_ peer: Peer, id: UInt64? = nil, options: [UInt8] = []) -> [UInt8] {
        var packet: [UInt8] = []
        UDPRequest.appendAnnounce(
            peer.request, connectionID: id ?? self.id(peer.ip), transactionID: 42, to: &packet)
        return packet + options
    }

    private func id(_ ip: String = "9.0.0.1") -> UInt64 { ids.id(for: address(ip), at: clock.now) }

    private func decode(_ answer: [UInt8], _ family: AddressFamily = .ipv4) throws -> UDPResponse {
        try UDPResponse.decode(answer.span.bytes, family: family)
    }

    private func message(_ answer: [UInt8]) -> String? {
        guard case .error(42, let message) = try? decode(answer) else { return nil }
        return message
    }

    /// T01, the datagrams that are given whole.
    @Test func conformance() throws {
        for row in try Conformance.rows("udp-tracker") {
            guard let name = row["name"], let text = row["hex"], text != "BUILD", !name.hasPrefix("bep41") else {
                continue
            }
            let packet = try #require(text == "EMPTY" ? [] : Hex.decode(text))
            let answer = send(packet)
            if name == "connect" {
                #expect(answer.count == 16 && answer.prefix(8) == [0, 0, 0, 0, 0, 0, 0, 1])
            } else if name == "connect_extra_bytes" {
                #expect(answer.count <= packet.count)
            } else {
                #expect(answer.isEmpty, "\(name)")
            }
        }
    }

    /// T01, the options of BEP 41 behind a valid announce.
    @Test func conformanceOfOptions() throws {
        for row in try Conformance.rows("udp-tracker") {
            guard let name = row["name"], name.hasPrefix("bep41"), let hex = row["hex"] else { continue }
            let options = try #require(Hex.decode(hex))
            let answer = send(announce(Peer(id: 1, ip: "9.0.0.1"), options: options))
            if row["want"]?.contains("malformed") == true {
                #expect(message(answer) == "bad options", "\(name)")
            } else {
                #expect(answer.prefix(4) == [0, 0, 0, 1], "\(name)")
            }
        }
    }

    @Test func anIDThatIsNotOursMeetsSilence() {
        let peer = Peer(id: 1, ip: "9.0.0.1")
        let old = id()
        #expect(send(announce(peer, id: ~old)).isEmpty)
        #expect(send(announce(peer, id: id("127.0.0.1")), from: "127.0.0.2").isEmpty)
        #expect(send(announce(peer, id: ids.id(for: address("9.0.0.1"), at: clock.now + 1000))).isEmpty)
        clock.advance(59)
        #expect(!send(announce(peer, id: old)).isEmpty)
        clock.advance(62)
        #expect(send(announce(peer, id: old)).isEmpty)
    }

    @Test func faultsAreToldOnlyWithAValidID() {
        let good = announce(Peer(id: 1, ip: "9.0.0.1"))
        var badEvent = good
        badEvent[83] = 99
        var badPort = good
        badPort[96] = 0
        badPort[97] = 0
        var badAction = good
        badAction[11] = 9
        let faults = [
            (Array(good[..<97]), "too short"), (badEvent, "bad event"), (badPort, "bad port"),
            (badAction, "bad action"),
        ]
        for (packet, sentence) in faults {
            #expect(message(send(packet)) == sentence)
            #expect(send([1, 2, 3, 4, 5, 6, 7, 8] + packet[8...]).isEmpty)
        }
        #expect(tracker.totals().addresses == 0)
        #expect(send(Array(badAction[..<16])).count <= 16)
    }

    @Test func refusalsAreSentences() {
        #expect(message(send(announce(Peer(id: 1, ip: "9.0.0.1", hash: .of(9))))) == "unregistered torrent")
        tracker.refuse(.of(1), reason: .removed)
        #expect(message(send(announce(Peer(id: 1, ip: "9.0.0.1")))) == "This torrent was removed.")
        tracker.isEnabled = false
        #expect(message(send(announce(Peer(id: 1, ip: "9.0.0.1")))) == "This tracker is switched off.")
        #expect(tracker.totals().addresses == 0)
    }

    @Test(arguments: [("9.0.0.1", "8.0.0", 6), ("2600:9::9", "2600:", 18)])
    func answersHoldPeersOfThePacketsFamily(ip: String, prefix: String, size: Int) throws {
        for number in 1...60 {
            tracker.announce(Peer(id: number, ip: "8.0.0.\(number)"))
            tracker.announce(Peer(id: 100 + number, ip: "2600::\(String(number, radix: 16))"))
        }
        for (numWant, count) in [(nil, 30), (7, 7), (Int(Int32.max), 50)] as [(Int?, Int)] {
            let answer = send(announce(Peer(id: 999, ip: ip, numWant: numWant)), from: ip)
            #expect(answer.count == 20 + size * count)
            guard case .announce(42, let found) = try decode(answer, size == 6 ? .ipv4 : .ipv6) else {
                Issue.record("no answer to an announce")
                return
            }
            #expect(found.peers.allSatisfy { $0.address.description.hasPrefix(prefix) })
            #expect(found.interval == 900 && found.leechers == 121 && found.seeders == 0)
        }
    }

    /// The `ip` field of the packet is nobody's business.
    @Test func onlyTheSourceAddressCounts() {
        var packet = announce(Peer(id: 1, ip: "9.0.0.1"))
        packet.replaceSubrange(84..<88, with: [8, 8, 8, 8])
        #expect(!send(packet).isEmpty)
        #expect(tracker.peers(of: .of(1)).map(\.endpoint.description) == ["9.0.0.1:6881"])
    }

    @Test func scrapes() throws {
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed))
        var packet: [UInt8] = []
        UDPRequest.appendScrape([.of(9), .of(1)], connectionID: id(), transactionID: 42, to: &packet)
        let none = ScrapeCounts(complete: 0, downloaded: 0, incomplete: 0)
        let one = ScrapeCounts(complete: 1, downloaded: 1, incomplete: 0)
        #expect(try decode(send(packet)) == .scrape(transactionID: 42, [none, one]))
        // Only whole hashes count; none at all is an error no longer than the request.
        #expect(try decode(send(packet + [1, 2, 3])) == .scrape(transactionID: 42, [none, one]))
        let bare = send(Array(packet[..<16]))
        #expect(message(bare) == "no hash" && bare.count <= 16)
        var full: [UInt8] = []
        UDPRequest.appendScrape(
            Array(repeating: .of(1), count: 74), connectionID: id(), transactionID: 42, to: &full)
        #expect(send(full).count == 8 + 12 * 74)
        #expect(send([9] + full[1...]).isEmpty)
    }

    /// BEP 41: the key stands in the options, in one part or in several.
    @Test func passkeys() {
        tracker.setPasskeys(["secret"])
        let peer = Peer(id: 1, ip: "9.0.0.1")
        func option(_ text: String) -> [UInt8] { [2, UInt8(text.utf8.count)] + Array(text.utf8) }
        #expect(message(send(announce(peer))) == "unknown passkey")
        #expect(message(send(announce(peer, options: option("/announce/guess")))) == "unknown passkey")
        #expect(tracker.totals().addresses == 0)
        for options in [
            option("/announce/secret"), option("/sec") + option("ret/announce"), option("/a?passkey=secret"),
        ] {
            #expect(send(announce(peer, options: options)).prefix(4) == [0, 0, 0, 1])
        }
        var scrape: [UInt8] = []
        UDPRequest.appendScrape([.of(1)], connectionID: id(), transactionID: 42, to: &scrape)
        #expect(message(send(scrape)) == "unknown passkey")
        tracker.setPasskeys(nil)
        #expect(send(announce(peer)).prefix(4) == [0, 0, 0, 1])
    }

    @Test func scrapesFollowThePolicy() throws {
        tracker.policy.hashesPerScrape = 3
        var packet: [UInt8] = []
        UDPRequest.appendScrape(
            Array(repeating: .of(1), count: 74), connectionID: id(), transactionID: 42, to: &packet)
        #expect(send(packet).count == 8 + 12 * 3)
    }

    /// T02: what proves nothing gets no more than it sent, whatever it is.
    @Test func unprovenSourcesGetNoMoreThanTheySent() {
        var random = FastRandom(seed: 7)
        let templates = [
            announce(Peer(id: 1, ip: "9.0.0.1"), id: 1), Hex.decode("00000417271019800000000000000001") ?? [],
            announce(Peer(id: 1, ip: "9.0.0.1"), id: 0x0417_2710_1980),
        ]
        for _ in 0..<20_000 {
            var packet = templates[random.below(templates.count)]
            for _ in 0..<random.below(4) { packet[random.below(packet.count)] = UInt8(random.below(256)) }
            packet = Array(packet.prefix(random.below(packet.count + 20)))
            let answer = send(packet)
            #expect(answer.count <= packet.count)
            #expect(answer.isEmpty || answer.count == 16)
        }
        #expect(tracker.totals().addresses == 0)
    }

    /// T03: a connect leaves nothing behind.
    @Test func connectsAreNotRemembered() throws {
        let connect = try #require(Hex.decode("00000417271019800000000000000001"))
        for number in 0..<50_000 { #expect(send(connect, from: "8.\(number >> 8).0.\(number & 255)").count == 16) }
        #expect(tracker.totals().addresses == 0)
    }

    /// Every length and many mutations of a proven announce: an answer, an error or silence, never a trap.
    @Test func provenNoise() {
        var random = FastRandom(seed: 11)
        for length in 0..<130 {
            let packet = announce(Peer(id: 1, ip: "9.0.0.1"), options: [UInt8](repeating: 2, count: 32))
            _ = send(Array(packet.prefix(length)))
        }
        for _ in 0..<10_000 {
            var packet = announce(Peer(id: 1, ip: "9.0.0.1"))
            for _ in 0..<1 + random.below(6) {
                packet[8 + random.below(packet.count - 8)] = UInt8(random.below(256))
            }
            #expect(send(packet).count <= 20 + 6 * 50)
        }
    }
}

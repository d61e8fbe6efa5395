import ByteCoding
import Foundation
import Metainfo
import TestSupport
import Testing
import TrackerWire

@testable import TrackerServer

@Suite struct HTTPTrackerTests {
    private static let query =
        "peer_id=-XX0001-123456789012&port=6881&uploaded=0&downloaded=0&left=0&compact=1&event=started&info_hash="
        + String(repeating: "%01", count: 20)

    private func announce(_ query: String, to tracker: Tracker, from ip: String = "9.0.0.1") -> [UInt8] {
        HTTPTrackerEndpoint(tracker: tracker).announce(
            query: Array(query.utf8), client: Endpoint(address: address(ip), port: 40_000),
            localAddress: address("127.0.0.1"))
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: Unicode.ASCII.self) }

    @Test func anAnswerHasEveryField() throws {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 2, ip: "2600::2"))
        let body = announce(Self.query, to: tracker)
        let answer = try HTTPAnnounce.decode(answer: body)
        #expect(answer.interval == 900 && answer.minInterval == 60)
        #expect(answer.seeders == 1 && answer.leechers == 2 && answer.downloaded == 0)
        #expect(Set(answer.peers.map(\.description)) == ["8.0.0.1:6881", "[2600::2]:6881"])
        #expect(answer.externalIP == address("9.0.0.1"))
        #expect(text(body).hasPrefix("d8:completei1e"))
    }

    /// T07.
    @Test(arguments: ["ip=8.8.8.8", "ipv4=8.8.8.8", "ipv6=2600::8", "ip=8.8.8.8&ip=1.1.1.1"])
    func onlyTheSourceAddressCounts(_ extra: String) {
        let tracker = makeTracker()
        _ = announce(Self.query + "&" + extra, to: tracker, from: "9.1.2.3")
        #expect(tracker.peers(of: .of(1)).map(\.endpoint.description) == ["9.1.2.3:6881"])
    }

    @Test func refusalsAreBencoded() {
        let tracker = makeTracker()
        #expect(text(announce("", to: tracker)).hasPrefix("d14:failure reason"))
        tracker.refuse(.of(1), reason: .removed)
        #expect(
            text(announce(Self.query, to: tracker))
                == "d14:failure reason25:This torrent was removed.8:retry in5:nevere")
        tracker.isEnabled = false
        #expect(
            text(announce(Self.query, to: tracker))
                == "d14:failure reason29:This tracker is switched off.8:retry ini60ee")
        let scrape = HTTPTrackerEndpoint(tracker: tracker).scrape(query: Array(Self.query.utf8))
        #expect(text(scrape).hasPrefix("d14:failure reason29:This tracker is switched off."))
    }

    @Test func scrapesTellOnlyOfTorrentsTrackedHere() throws {
        let tracker = makeTracker()
        tracker.allow(.of(1), completed: 7)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0))
        tracker.announce(Peer(id: 2, ip: "8.0.0.2"))
        tracker.announce(Peer(id: 3, ip: "8.0.0.3", event: .paused))
        tracker.allow(.of(3))
        tracker.refuse(.of(3), reason: .removed)
        let query = HTTPScrape.query(for: ScrapeRequest(infoHashes: [.of(1), .of(2), .of(3), .of(1)]))
        let body = HTTPTrackerEndpoint(tracker: tracker).scrape(query: Array(query.utf8))
        let counts = ScrapeCounts(complete: 1, downloaded: 7, incomplete: 2, downloaders: 1)
        #expect(try HTTPScrape.decode(answer: body).files == [.of(1): counts])
        let full = HTTPTrackerEndpoint(tracker: tracker).scrape(query: [])
        #expect(text(full).hasPrefix("d14:failure reason"))
    }

    /// T04: never a trap, always bencode; what is wrong is refused and stores nothing.
    @Test func conformance() throws {
        for row in try Conformance.rows("http-tracker") {
            guard let target = row["target"], let want = row["want"] else { continue }
            let tracker = makeTracker()
            let path = target.prefix { $0 != " " }
            let parts = path.split(separator: "?", maxSplits: 1)
            let query = parts.count > 1 ? String(parts[1]) : ""
            let isScrape = path.hasPrefix("/scrape")
            let body =
                isScrape
                ? HTTPTrackerEndpoint(tracker: tracker).scrape(query: Array(query.utf8))
                : announce(query, to: tracker)
            let isRefused = text(body).hasPrefix("d14:failure reason")
            #expect(body.first == UInt8(ascii: "d") && body.last == UInt8(ascii: "e"), "\(target)")
            if isRefused {
                #expect(tracker.totals().addresses == 0, "\(target)")
            } else if isScrape {
                #expect(try HTTPScrape.decode(answer: body).files.count <= 74, "\(target)")
            } else {
                let answer = try HTTPAnnounce.decode(answer: body)
                #expect(answer.peers.count <= 50, "\(target)")
                #expect(tracker.peers(of: .of(1)).map(\.endpoint.description) == ["9.0.0.1:6881"], "\(target)")
            }
            if want.hasPrefix("failure reason") || want.hasPrefix("unregistered") {
                let mayBeTaken = want.contains(" or ")
                #expect(isRefused || mayBeTaken, "\(target): \(want)")
            }
            if want.hasPrefix("200 text/plain") || want.hasPrefix("ip ignored") { #expect(!isRefused, "\(target)") }
        }
    }
}

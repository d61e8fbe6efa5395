import ByteCoding
import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

@Suite struct PasskeyTests {
    private static let query =
        "peer_id=-XX0001-123456789012&port=6881&uploaded=0&downloaded=0&left=0&info_hash="
        + String(repeating: "%01", count: 20)

    private func closed(_ keys: Set<String>? = ["s3cret", "other key"]) -> Tracker {
        let tracker = makeTracker()
        tracker.setPasskeys(keys)
        return tracker
    }

    private func announce(_ tracker: Tracker, _ path: String, _ extra: String = "") -> String {
        let body = HTTPTrackerEndpoint(tracker: tracker).announce(
            query: Array((Self.query + extra).utf8), client: Endpoint(address: address("8.0.0.1"), port: 1),
            localAddress: address("127.0.0.1"), path: Array(path.utf8))
        return String(decoding: body, as: Unicode.ASCII.self)
    }

    private let refusal = "d14:failure reason15:unknown passkeye"

    @Test(
        arguments: [
            ("/announce/s3cret", ""), ("/s3cret/announce", ""), ("/announce", "&passkey=s3cret"),
            ("/announce/other%20key", ""), ("/announce", "&passkey=other%20key"), ("/announce/", "&passkey=s3cret&x=1"),
        ])
    func aKeyLetsIn(path: String, query: String) {
        let tracker = closed()
        #expect(announce(tracker, path, query).hasPrefix("d8:complete"))
        #expect(tracker.counts(.of(1)).seeders == 1)
    }

    @Test(
        arguments: [
            ("/announce", ""), ("", ""), ("/announce/", ""), ("/announce/s3cre", ""), ("/announce/s3crett", ""),
            ("/announce", "&passkey="), ("/announce", "&key=s3cret"), ("/announce", "&passkey=nope&passkey=s3cret"),
            ("/announce/%", ""), ("/announce/S3CRET", ""), ("/" + String(repeating: "a", count: 5000), ""),
            ("/a/b/c/d/e/f/g/h/i/s3cret", ""),
        ])
    func withoutAKeyNothingIsTakenIn(path: String, query: String) {
        let tracker = closed()
        #expect(announce(tracker, path, query) == refusal)
        #expect(tracker.totals().addresses == 0)
    }

    @Test func scrapesNeedOneToo() {
        let endpoint = HTTPTrackerEndpoint(tracker: closed())
        let query = Array(("info_hash=" + String(repeating: "%01", count: 20)).utf8)
        #expect(String(decoding: endpoint.scrape(query: query), as: Unicode.ASCII.self) == refusal)
        let answer = endpoint.scrape(query: query, path: Array("/scrape/s3cret".utf8))
        #expect(String(decoding: answer, as: Unicode.ASCII.self).hasPrefix("d5:files"))
    }

    @Test func noneNeededOrNoneGood() {
        #expect(announce(closed(nil), "/announce").hasPrefix("d8:complete"))
        #expect(announce(closed([]), "/announce/s3cret") == refusal)
        #expect(announce(closed([""]), "/announce/") == refusal)
        let tracker = closed()
        tracker.setPasskeys(nil)
        #expect(announce(tracker, "/announce").hasPrefix("d8:complete"))
    }

    /// As BEP 41 carries it.
    @Test(arguments: ["/announce?passkey=s3cret", "/s3cret/announce", "/announce/s3cret?a=b"])
    func overUDP(_ url: String) {
        let tracker = closed()
        func announce(_ url: String) -> Bool {
            let peer = Peer(id: 1, ip: "8.0.0.1")
            let answer = tracker.announce(
                peer.request, from: Endpoint(address: address(peer.ip), port: 9), localAddress: address("127.0.0.1"),
                transport: .udp, url: Array(url.utf8))
            return (try? answer.get()) != nil
        }
        #expect(!announce("") && !announce("/announce"))
        #expect(announce(url))
    }
}

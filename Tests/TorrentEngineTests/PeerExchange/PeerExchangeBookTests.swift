import ByteCoding
import PeerWire
import TestSupport
import Testing

@testable import TorrentEngine

/// BEP 11, rule by rule.
@Suite struct PeerExchangeBookTests {
    private let start = ContinuousClock.now
    private let outside = IPAddress("198.41.0.4")!

    private func peer(_ number: Int) -> PeerNumber { PeerNumber(rawValue: UInt64(number)) }

    private func endpoint(_ number: Int) -> Endpoint {
        Endpoint(address: IPAddress(v4: 0x0808_0000 + UInt32(number)), port: 6_881)
    }

    /// A book with a listener 0 that takes messages and as many others.
    private func book(others: Int) -> PeerExchangeBook {
        var book = PeerExchangeBook()
        book.connected(peer(0), remote: outside, listener: nil)
        book.takesMessages(peer(0), true)
        for number in 1...max(others, 1) where others > 0 {
            book.connected(
                peer(number), remote: endpoint(number).address, listener: endpoint(number), flags: .reachable)
        }
        return book
    }

    @Test func connectedPeersAreToldOnce() throws {
        var book = book(others: 3)
        let told = book.message(for: peer(0), at: start)
        let message = try #require(told)
        #expect(Set(message.added.map(\.endpoint)) == Set((1...3).map(endpoint)) && message.dropped.isEmpty)
        #expect(message.added.allSatisfy { $0.flags == .reachable })
        #expect(book.message(for: peer(0), at: start + .seconds(600)) == nil)
    }

    @Test func aMinuteLiesBetweenTwoMessages() {
        var book = book(others: 1)
        #expect(book.due(at: start) == [peer(0)])
        #expect(book.message(for: peer(0), at: start) != nil)
        book.connected(peer(9), remote: outside, listener: endpoint(9))
        #expect(book.due(at: start + .seconds(59)).isEmpty)
        #expect(book.message(for: peer(0), at: start + .seconds(59)) == nil)
        #expect(book.message(for: peer(0), at: start + .seconds(60))?.added.map(\.endpoint) == [endpoint(9)])
    }

    @Test func atMostFiftyEachAndTheRestLater() {
        var book = book(others: 120)
        var told: Set<Endpoint> = []
        for minute in 0..<3 {
            let message = book.message(for: peer(0), at: start + .seconds(60 * minute))
            #expect(message?.added.count == (minute < 2 ? 50 : 20))
            told.formUnion(message?.added.map(\.endpoint) ?? [])
        }
        #expect(told.count == 120)
        for number in 1...120 { book.disconnected(peer(number)) }
        var dropped: Set<Endpoint> = []
        for minute in 3..<6 {
            let message = book.message(for: peer(0), at: start + .seconds(60 * minute))
            #expect((message?.dropped.count ?? 0) <= 50 && message?.added.isEmpty == true)
            dropped.formUnion(message?.dropped ?? [])
        }
        #expect(dropped == told && book.message(for: peer(0), at: start + .seconds(600)) == nil)
    }

    @Test func onlyWhatWasToldIsTakenBack() {
        var book = book(others: 2)
        book.disconnected(peer(1))
        let message = book.message(for: peer(0), at: start)
        #expect(message?.added.map(\.endpoint) == [endpoint(2)] && message?.dropped.isEmpty == true)
        // Gone and back within a minute: neither.
        book.disconnected(peer(2))
        book.connected(peer(3), remote: endpoint(2).address, listener: endpoint(2))
        #expect(book.message(for: peer(0), at: start + .seconds(60)) == nil)
    }

    @Test func nobodyHearsOfItself() {
        var book = PeerExchangeBook()
        for number in 1...2 {
            book.connected(peer(number), remote: endpoint(number).address, listener: endpoint(number))
            book.takesMessages(peer(number), true)
        }
        #expect(book.message(for: peer(1), at: start)?.added.map(\.endpoint) == [endpoint(2)])
        #expect(book.message(for: peer(2), at: start)?.added.map(\.endpoint) == [endpoint(1)])
    }

    @Test func peersWithoutAPortAreNotToldOf() {
        var book = book(others: 0)
        book.connected(peer(1), remote: endpoint(1).address, listener: nil)
        #expect(book.message(for: peer(0), at: start) == nil)
        book.listens(peer(1), at: Endpoint(address: endpoint(1).address, port: 0), flags: [])
        #expect(book.message(for: peer(0), at: start) == nil)
        book.listens(peer(1), at: endpoint(1), flags: .uploadOnly)
        #expect(book.message(for: peer(0), at: start)?.added.first?.flags == .uploadOnly)
        // Two connections of one client: it is lost with the second.
        book.connected(peer(2), remote: endpoint(1).address, listener: endpoint(1))
        book.disconnected(peer(1))
        #expect(book.message(for: peer(0), at: start + .seconds(60)) == nil)
        book.disconnected(peer(2))
        #expect(book.message(for: peer(0), at: start + .seconds(60))?.dropped == [endpoint(1)])
    }

    @Test func messagesGoToThoseWhoTakeThem() {
        var book = book(others: 1)
        #expect(book.message(for: peer(1), at: start) == nil && book.message(for: peer(77), at: start) == nil)
        book.takesMessages(peer(0), false)
        #expect(book.message(for: peer(0), at: start) == nil && book.due(at: start).isEmpty)
    }

    /// Addresses of this machine are for this machine, those of the network for the network.
    @Test func innerAddressesStayInside() throws {
        let (local, inner) = (try #require(Endpoint("127.0.0.1:7000")), try #require(Endpoint("10.0.0.2:7000")))
        var book = PeerExchangeBook()
        for (number, remote) in ["127.0.0.1", "10.0.0.9", "8.8.8.8"].enumerated() {
            book.connected(peer(number), remote: try #require(IPAddress(remote)), listener: nil)
            book.takesMessages(peer(number), true)
        }
        book.connected(peer(10), remote: local.address, listener: local)
        book.connected(peer(11), remote: inner.address, listener: inner)
        #expect(book.message(for: peer(0), at: start)?.added.map(\.endpoint) == [local])
        #expect(book.message(for: peer(1), at: start)?.added.map(\.endpoint) == [inner])
        #expect(book.message(for: peer(2), at: start) == nil)
    }

    private func receive(
        _ book: inout PeerExchangeBook, _ added: [Endpoint], dropped: [Endpoint] = [], from number: Int = 0,
        after seconds: Int = 0, ours: Endpoint? = nil
    ) -> PeerExchangeNews {
        let message = PeerExchangeMessage(added: added.map { .init(endpoint: $0) }, dropped: dropped)
        return book.received(message, from: peer(number), at: start + .seconds(seconds)) { $0 == ours }
    }

    @Test func newPeersAreBelievedOnce() {
        var book = book(others: 1)
        let news = receive(&book, [endpoint(1), endpoint(2), endpoint(2), endpoint(3)], ours: endpoint(3))
        // Number 1 is connected, number 3 are we.
        #expect(news.peers.map(\.endpoint) == [endpoint(2)] && news.namedFrom == .public && !news.isFlood)
        #expect(receive(&book, [endpoint(2)], after: 60).peers.isEmpty)
        #expect(receive(&book, [endpoint(2)], dropped: [endpoint(2)], after: 120).peers.isEmpty)
        #expect(receive(&book, [endpoint(2)], after: 180).peers.map(\.endpoint) == [endpoint(2)])
        #expect(receive(&book, [endpoint(5)], from: 99, after: 0).peers.isEmpty)
    }

    /// HAZARDS P07.
    @Test func forbiddenAddressesAreLeftOut() throws {
        let bad = [
            "127.0.0.1:5432", "10.0.0.1:22", "[::1]:7000", "8.8.8.8:0", "8.8.8.8:1023", "0.0.0.0:7000",
            "224.0.0.1:7000",
            "192.168.0.1:7000", "[fe80::1]:7000",
        ].compactMap(Endpoint.init)
        #expect(bad.count == 9)
        var book = book(others: 0)
        #expect(receive(&book, bad).peers.isEmpty)
        book.connected(peer(1), remote: try #require(IPAddress("127.0.0.1")), listener: nil)
        let local = try #require(Endpoint("127.0.0.1:7000"))
        let news = receive(&book, bad + [local], from: 1)
        // From this machine those of this machine, but no privileged port, and nothing of the network.
        let names = Set(news.peers.map(\.endpoint.description))
        #expect(names == ["127.0.0.1:7000", "127.0.0.1:5432", "[::1]:7000"])
        #expect(news.namedFrom == .loopback)
    }

    /// What was read late, for a limit of ours, comes in one go.
    @Test func aMessageTooSoonNowAndThenIsNoFlood() {
        var book = book(others: 0)
        for hour in 0..<20 {
            #expect(!receive(&book, [endpoint(1)], after: hour * 3_600).isFlood)
            #expect(!receive(&book, [endpoint(2)], after: hour * 3_600 + 1).isFlood)
        }
    }

    @Test func floodsAreNoticed() {
        var book = book(others: 0)
        #expect(receive(&book, [endpoint(1)]).peers.count == 1)
        for round in 1...5 {
            let news = receive(&book, [endpoint(round + 1)], after: round)
            #expect(news.peers.isEmpty && news.isFlood == (round == 5))
        }
        #expect(receive(&book, [endpoint(9)], after: 45).peers.count == 1)
    }

    /// Conformance peer-wire `ut_pex_flood`: 3,000 bytes of addresses in one message, then again and again.
    @Test func oneSourceNamesAtMostSoMany() throws {
        var added: [UInt8] = []
        for number in 0..<500 { endpoint(number).append(compactTo: &added) }
        let payload = Array("d5:added3000:".utf8) + added + Array("e".utf8)
        let message = try PeerExchangeMessage(decoding: payload)
        var book = book(others: 0)
        #expect(book.received(message, from: peer(0), at: start) { _ in false }.peers.count == 50)
        var total = 50
        for round in 1...10 {
            total += receive(&book, (round * 100..<round * 100 + 80).map(endpoint), after: round * 60).peers.count
        }
        #expect(total == 200)
    }

    @Test func theFloodOfTheConformanceDataIsDropped() throws {
        guard let row = try Conformance.rows("peer-wire").first(where: { $0["name"] == "ut_pex_flood" }) else { return }
        #expect(row["want"]?.contains("at most 50") == true)
        let loopback = [UInt8](repeating: 0, count: 500).flatMap { _ in [127, 0, 0, 1, 0x1a, 0xe1] as [UInt8] }
        let message = try PeerExchangeMessage(decoding: Array("d5:added3000:".utf8) + loopback + Array("e".utf8))
        var book = book(others: 0)
        #expect(book.received(message, from: peer(0), at: start) { _ in false }.peers.isEmpty)
    }

    /// Chance: what a peer has been told, less what was taken back, is at last who is connected.
    @Test(arguments: 1...20) func theToldViewConverges(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var book = book(others: 0)
        var connected: [Int: Endpoint] = [:]
        var view: Set<Endpoint> = []
        var now = start
        var number = 100
        for _ in 0..<200 {
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                number += 1
                connected[number] = endpoint(Int.random(in: 0..<150, using: &random))
                book.connected(peer(number), remote: outside, listener: connected[number])
            }
            for gone in connected.keys.shuffled(using: &random).prefix(Int.random(in: 0...20, using: &random)) {
                connected[gone] = nil
                book.disconnected(peer(gone))
            }
            now += .seconds(Int.random(in: 1...90, using: &random))
            guard let message = book.message(for: peer(0), at: now) else { continue }
            #expect(message.added.count <= 50 && message.dropped.count <= 50)
            #expect(view.isSuperset(of: message.dropped) && view.isDisjoint(with: message.added.map(\.endpoint)))
            view.subtract(message.dropped)
            view.formUnion(message.added.map(\.endpoint))
        }
        for _ in 0..<10 {
            now += .seconds(60)
            guard let message = book.message(for: peer(0), at: now) else { continue }
            view.subtract(message.dropped)
            view.formUnion(message.added.map(\.endpoint))
        }
        #expect(view == Set(connected.values) && book.count == connected.count + 1)
    }
}

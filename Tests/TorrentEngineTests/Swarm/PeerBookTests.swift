import ByteCoding
import Testing

@testable import TorrentEngine

/// When which peer is dialled, with the clock as an argument.
@Suite struct PeerBookTests {
    let start = ContinuousClock.now

    private func endpoint(_ text: String) throws -> Endpoint { try #require(Endpoint(text)) }

    private func dials(_ book: inout PeerBook, at now: ContinuousClock.Instant, limit: Int = 10) -> [Endpoint] {
        book.due(now: now, limit: limit, wantsSeeds: true).map(\.endpoint)
    }

    @Test func aNewPeerIsDialledAtOnceAndOnce() throws {
        var book = PeerBook(capacity: 10)
        let peer = try endpoint("192.0.2.1:6881")
        book.add(peer, from: .tracker, namedFrom: .public, now: start)
        #expect(dials(&book, at: start) == [peer])
        #expect(dials(&book, at: start).isEmpty)
    }

    @Test func peersOfTheOperatorComeFirst() throws {
        var book = PeerBook(capacity: 10)
        let (other, named) = (try endpoint("192.0.2.1:6881"), try endpoint("192.0.2.2:6881"))
        book.add(other, from: .dht, namedFrom: .public, now: start)
        book.add(named, from: .operator, namedFrom: .public, now: start)
        #expect(dials(&book, at: start, limit: 1) == [named])
    }

    @Test func failuresMakePausesLongerUntilThePeerIsForgotten() throws {
        var book = PeerBook(capacity: 10)
        let peer = try endpoint("192.0.2.1:6881")
        book.add(peer, from: .tracker, namedFrom: .public, now: start)
        var now = start
        var pauses: [Duration] = []
        while book.count == 1 {
            #expect(dials(&book, at: now) == [peer])
            book.disconnected(peer, wasUseful: false, now: now, jitter: 0.5)
            guard let next = book.nextDial(wantsSeeds: true) else { break }
            pauses.append(next - now)
            now = next
        }
        #expect(pauses.count == PeerBook.failuresAllowed)
        #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func theOperatorsPeersAreNeverForgotten() throws {
        var book = PeerBook(capacity: 10)
        let peer = try endpoint("192.0.2.1:6881")
        book.add(peer, from: .operator, namedFrom: .public, now: start)
        for _ in 0..<50 { book.disconnected(peer, wasUseful: false, now: start, jitter: 0) }
        #expect(book.count == 1)
        #expect(dials(&book, at: start + .seconds(2_000)) == [peer])
    }

    @Test func seedsAreNotDialledWhenNothingIsWanted() throws {
        var book = PeerBook(capacity: 10)
        let peer = try endpoint("192.0.2.1:6881")
        book.add(peer, from: .tracker, namedFrom: .public, now: start)
        book.note(peer, isSeed: true)
        #expect(book.due(now: start, limit: 5, wantsSeeds: false).isEmpty)
        #expect(book.due(now: start, limit: 5, wantsSeeds: true).count == 1)
    }

    @Test func aFullBookMakesRoomOnlyForTheUnreachable() throws {
        var book = PeerBook(capacity: 1)
        let (first, second) = (try endpoint("192.0.2.1:6881"), try endpoint("192.0.2.2:6881"))
        book.add(first, from: .tracker, namedFrom: .public, now: start)
        book.add(second, from: .tracker, namedFrom: .public, now: start)
        #expect(dials(&book, at: start) == [first])
        book.disconnected(first, wasUseful: false, now: start, jitter: 0)
        book.add(second, from: .tracker, namedFrom: .public, now: start)
        #expect(dials(&book, at: start) == [second])
    }

    @Test func abanHoldsForAllPortsOfAnAddressButOnlyOneAtLoopback() throws {
        var book = PeerBook(capacity: 10)
        book.ban(try endpoint("192.0.2.1:6881"))
        #expect(book.isBanned(try endpoint("192.0.2.1:7000")))
        book.ban(try endpoint("127.0.0.1:6881"))
        #expect(book.isBanned(try endpoint("127.0.0.1:6881")))
        #expect(!book.isBanned(try endpoint("127.0.0.1:7000")))
        book.add(try endpoint("192.0.2.1:6881"), from: .tracker, namedFrom: .public, now: start)
        #expect(book.count == 0)
    }
}

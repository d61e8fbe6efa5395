import ByteCoding
import Metainfo
import Testing

@testable import TorrentEngine

@Suite struct LeecherBookTests {
    let start = ContinuousClock.now

    private func key(_ port: UInt16 = 7_000, hash: UInt8 = 1) throws -> LeecherBook.Key {
        LeecherBook.Key(
            hash: try #require(InfoHash(bytes: [UInt8](repeating: hash, count: 20))),
            endpoint: Endpoint(address: IPAddress(v4: 0x7f00_0001), port: port))
    }

    private func due(_ book: inout LeecherBook, after seconds: Double, limit: Int = 10) -> [LeecherBook.Key] {
        book.due(now: start + .seconds(seconds), limit: limit).map(\.key)
    }

    @Test func aNamedLeecherIsDialledOnceSoon() throws {
        var book = LeecherBook(capacity: 10)
        book.name(try key(), from: .loopback, now: start)
        #expect(due(&book, after: 0.5).isEmpty)
        #expect(
            book.due(now: start + .seconds(1), limit: 10) == [LeecherBook.Dial(key: try key(), namedFrom: .loopback)])
        #expect(due(&book, after: 2).isEmpty)
        book.connected(try key())
        #expect(due(&book, after: 1_000).isEmpty)
    }

    @Test func itIsDialledAgainTenToFifteenSecondsAfterADisconnect() throws {
        for jitter in [0.0, 0.5, 1.0] {
            var book = LeecherBook(capacity: 10)
            book.name(try key(), from: .public, now: start)
            #expect(due(&book, after: 1) == [try key()])
            book.disconnected(try key(), wasUseful: true, now: start + .seconds(100), jitter: jitter)
            #expect(due(&book, after: 109.9).isEmpty)
            #expect(due(&book, after: 115) == [try key()])
        }
    }

    @Test func failuresMakeThePausesLongerAndThenEnd() throws {
        var book = LeecherBook(capacity: 10)
        book.name(try key(), from: .public, now: start)
        var now = 1.0
        var pauses: [Double] = []
        for _ in 0..<LeecherBook.failuresAllowed {
            #expect(due(&book, after: now) == [try key()])
            book.disconnected(try key(), wasUseful: false, now: start + .seconds(now), jitter: 0)
            let failed = now
            while due(&book, after: now, limit: 0).isEmpty, book.count == 1 {
                now += 1
                var copy = book
                if !due(&copy, after: now).isEmpty { break }
            }
            pauses.append(now - failed)
        }
        #expect(pauses == [10, 20, 40, 80, 160, 300, 300, 300])
        #expect(due(&book, after: now) == [try key()])
        book.disconnected(try key(), wasUseful: false, now: start + .seconds(now), jitter: 0)
        #expect(book.isEmpty)
    }

    @Test func successForgivesFailures() throws {
        var book = LeecherBook(capacity: 10)
        book.name(try key(), from: .public, now: start)
        for _ in 0..<4 { book.disconnected(try key(), wasUseful: false, now: start, jitter: 0) }
        book.disconnected(try key(), wasUseful: true, now: start, jitter: 0)
        #expect(due(&book, after: 10) == [try key()])
    }

    @Test func silentLeechersAreForgotten() throws {
        var book = LeecherBook(capacity: 10)
        book.name(try key(), from: .public, now: start)
        book.name(try key(), from: .public, now: start + .seconds(600))
        #expect(due(&book, after: 45 * 60 + 500) == [try key()])
        book.disconnected(try key(), wasUseful: true, now: start + .seconds(45 * 60 + 601), jitter: 0)
        #expect(due(&book, after: 45 * 60 + 700).isEmpty)
        #expect(book.isEmpty)
    }

    @Test func theBookIsBounded() throws {
        var book = LeecherBook(capacity: 3)
        for port in UInt16(1)...3 { book.name(try key(port), from: .public, now: start) }
        book.name(try key(4), from: .public, now: start)
        #expect(book.count == 3)
        book.disconnected(try key(2), wasUseful: false, now: start, jitter: 0)
        book.name(try key(5), from: .public, now: start)
        #expect(Set(due(&book, after: 20)) == [try key(1), try key(3), try key(5)])
    }

    @Test func onlySoManyAreDueAtOnce() throws {
        var book = LeecherBook(capacity: 100)
        for port in UInt16(1)...30 { book.name(try key(port), from: .public, now: start) }
        #expect(due(&book, after: 1, limit: 20).count == 20)
        #expect(due(&book, after: 1, limit: 20).count == 10)
        #expect(due(&book, after: 1, limit: -5).isEmpty)
    }

    @Test func postponedAndForgottenOnes() throws {
        var book = LeecherBook(capacity: 10)
        book.name(try key(1), from: .public, now: start)
        book.name(try key(2), from: .public, now: start)
        book.name(try key(3, hash: 2), from: .public, now: start)
        #expect(due(&book, after: 1).count == 3)
        book.postpone(try key(1), now: start, jitter: 0)
        #expect(due(&book, after: 10) == [try key(1)])
        book.forgetAll(of: try key(1).hash)
        #expect(book.count == 1)
        book.forget(try key(3, hash: 2))
        #expect(book.isEmpty)
        book.disconnected(try key(1), wasUseful: true, now: start, jitter: 0)
        #expect(book.isEmpty)
    }
}

import ByteCoding
import DHTWire
import Dialling
import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct DHTPartsTests {
    private let start = ContinuousClock.now

    private func random(_ seed: UInt64) -> DHTRandom {
        var generator = SplitMix64(seed: seed)
        return DHTRandom { generator.next() }
    }

    private func hash(_ number: UInt8) throws -> InfoHash {
        try #require(InfoHash(bytes: [UInt8](repeating: number, count: 20)))
    }

    // MARK: Tokens

    @Test func aTokenIsGoodForOneAddressAndTorrentForFiveToTenMinutes() throws {
        var random = random(1)
        var book = TokenBook(random: &random, now: start)
        let address = Endpoint.node(1).address
        let first = try hash(1), second = try hash(2)
        let token = book.token(for: address, first)
        #expect(book.isValid(token, for: address, first))
        #expect(!book.isValid(token, for: address, second))
        #expect(!book.isValid(token, for: Endpoint.node(2).address, first))
        #expect(!book.isValid(token + [0], for: address, first))
        #expect(!book.isValid([], for: address, first))
        book.rotate(random: &random, now: start + .seconds(299))
        #expect(book.token(for: address, first) == token)
        book.rotate(random: &random, now: start + .seconds(300))
        #expect(book.token(for: address, first) != token)
        #expect(book.isValid(token, for: address, first))
        book.rotate(random: &random, now: start + .seconds(600))
        #expect(!book.isValid(token, for: address, first))
    }

    @Test func afterALongSleepNoOldTokenCounts() throws {
        var random = random(2)
        var book = TokenBook(random: &random, now: start)
        let address = Endpoint.node(1).address
        let token = book.token(for: address, try hash(1))
        book.rotate(random: &random, now: start + .seconds(3_600))
        #expect(!book.isValid(token, for: address, try hash(1)))
    }

    // MARK: Kept peers

    @Test func keptPeersAreBounded() throws {
        var limits = DHTLimits()
        limits.storedTorrents = 10
        limits.storedPeersPerTorrent = 20
        limits.storedTorrentsPerAddress = 3
        var store = PeerStore(limits: limits)
        for number in 0..<50 { store.add(.node(number), to: try hash(1), isSeed: false, now: start) }
        #expect(store.peerCount == 20)
        for torrent in UInt8(2)..<40 {
            store.add(.node(100 + Int(torrent)), to: try hash(torrent), isSeed: false, now: start)
        }
        #expect(store.torrentCount == 10)
        var random = random(3)
        // The big one is still there: small ones went first.
        #expect(
            store.sample(of: try hash(1), noSeeds: false, limit: 100, random: &random, now: start) { _ in true }.count
                == 20)
    }

    @Test func oneAddressIsInAFewTorrentsAndUnderAFewPortsOnly() throws {
        var limits = DHTLimits()
        limits.storedTorrentsPerAddress = 3
        var store = PeerStore(limits: limits)
        for port in UInt16(2_000)..<2_020 {
            store.add(.node(1, port: port), to: try hash(1), isSeed: false, now: start)
        }
        #expect(store.peerCount == 4)
        #expect(store.add(.node(1), to: try hash(2), isSeed: false, now: start) == true)
        #expect(store.add(.node(1), to: try hash(3), isSeed: false, now: start) == true)
        #expect(store.add(.node(1), to: try hash(4), isSeed: false, now: start) == false)
        // What has expired counts no more.
        store.expire(now: start + .seconds(1_801))
        #expect(store.peerCount == 0)
        #expect(store.add(.node(1), to: try hash(4), isSeed: false, now: start + .seconds(1_801)) == true)
    }

    @Test func peersAreSampledAndSeedsLeftOutOnDemand() throws {
        var store = PeerStore(limits: DHTLimits())
        var random = random(4)
        for number in 0..<60 { store.add(.node(number), to: try hash(1), isSeed: number < 30, now: start) }
        func sample(_ limit: Int, noSeeds: Bool = false, at seconds: Int = 0) throws -> [Endpoint] {
            store.sample(
                of: try hash(1), noSeeds: noSeeds, limit: limit, random: &random, now: start + .seconds(seconds)
            ) { _ in true }
        }
        let first = try sample(10), second = try sample(10)
        #expect(Set(first).count == 10)
        #expect(first != second)
        #expect(Set(try sample(100, noSeeds: true)) == Set((30..<60).map { Endpoint.node($0) }))
        #expect(try sample(-1).isEmpty)
        #expect(try sample(100, at: 1_800).isEmpty)
    }

    @Test func countsNeverLeak() throws {
        var limits = DHTLimits()
        limits.storedTorrents = 5
        limits.storedPeersPerTorrent = 6
        limits.storedTorrentsPerAddress = 4
        var store = PeerStore(limits: limits)
        var generator = SplitMix64(seed: 9)
        for round in 0..<3_000 {
            let endpoint = Endpoint.node(
                Int.random(in: 0..<12, using: &generator), port: .random(in: 2_000..<2_006, using: &generator))
            let hash = try hash(UInt8.random(in: 0..<12, using: &generator))
            store.add(endpoint, to: hash, isSeed: false, now: start + .seconds(round))
            if round % 50 == 0 { store.expire(now: start + .seconds(round)) }
            #expect(store.torrentCount <= 5 && store.peerCount <= 30)
        }
        store.expire(now: start + .seconds(10_000))
        // With everything gone each address has all its rights again.
        for number in 0..<12 {
            for torrent in UInt8(0)..<4 {
                #expect(
                    store.add(
                        .node(number), to: try hash(torrent), isSeed: false, now: start + .seconds(10_000)) == true)
            }
        }
    }

    // MARK: Limits

    @Test func anAddressHasARightToAFewDatagramsASecond() throws {
        var limiter = SourceLimiter(rate: 5)
        let passed = (0..<2_000).count {
            limiter.take(.node(1, port: UInt16(2_000 + $0 % 7)), now: start + .milliseconds($0 * 10))
        }
        #expect((95...105).contains(passed))
        #expect(limiter.take(.node(2), now: start) == true)
        let line = try #require(Endpoint("[2a00:1:2:3::1]:6881"))
        for number in 0..<5 {
            #expect(limiter.take(try #require(Endpoint("[2a00:1:2:3::\(number + 2)]:6881")), now: start) == true)
        }
        #expect(limiter.take(line, now: start) == false)
    }

    @Test func aFloodOfAddressesFillsNoMemory() {
        var limiter = SourceLimiter(rate: 5)
        let passed = (0..<20_000).count { limiter.take(.node($0), now: start) }
        #expect(passed == SourceLimiter.maximumSources)
        #expect(limiter.take(.node(1_000_000), now: start + .seconds(2)) == true)
    }

    @Test func answersLeaveAQuarterForQuestions() {
        var budget = SendBudget(rate: 8_000, now: start)
        var bytes = 0
        while budget.takeAnswer(500, now: start) { bytes += 500 }
        #expect(bytes == 6_000)
        #expect(budget.hasRoomForQuestion(now: start))
        for tenth in 1...100 {
            if budget.takeAnswer(500, now: start + .milliseconds(tenth * 100)) { bytes += 500 }
        }
        #expect(bytes <= 6_000 + 80_000)
    }

    // MARK: Addresses

    @Test func ourAddressIsWhatSeveralNetworksSay() {
        var votes = AddressVotes()
        let ours = IPAddress(v4: 0x0808_0808), false1 = IPAddress(v4: 0x0909_0909)
        // One network may shout as it likes.
        for _ in 0..<50 { #expect(votes.record(false1, from: Endpoint.node(1).address) == nil) }
        for number in 2..<6 { #expect(votes.record(ours, from: Endpoint.node(number).address) == nil) }
        #expect(votes.record(ours, from: Endpoint.node(6).address) == ours)
        #expect(votes.record(IPAddress(v4: 0x7f00_0001), from: Endpoint.node(7).address) == nil)
    }

    // MARK: Wishes

    @Test func searchesComeAtOnceAndThenAtTheInterval() throws {
        var book = DHTSearchBook(interval: .seconds(900))
        let first = try hash(1), second = try hash(2)
        book.listen(first, now: start)
        book.announce(second, .init(port: 7, isSeed: true), now: start)
        #expect(book.nextDue(now: start) == first)
        #expect(book.nextDue(now: start) == second)
        #expect(book.nextDue(now: start) == nil)
        book.ended(first, broughtSomething: true, now: start)
        #expect(book.nextDue(now: start + .seconds(899)) == nil)
        #expect(book.nextDue(now: start + .seconds(900)) == first)
        book.stopListening(first)
        book.ended(first, broughtSomething: true, now: start)
        #expect(book.nextDue(now: start + .seconds(9_000)) == nil)
    }

    @Test func aSearchInVainIsRepeatedSoonerAtFirst() throws {
        var book = DHTSearchBook(interval: .seconds(900))
        let hash = try hash(1)
        book.listen(hash, now: start)
        var now = start
        var delays: [Int] = []
        _ = book.nextDue(now: now)
        for _ in 0..<7 {
            book.ended(hash, broughtSomething: false, now: now)
            var delay = 0
            while book.nextDue(now: now + .seconds(delay)) == nil { delay += 1 }
            delays.append(delay)
            now += .seconds(delay)
        }
        #expect(delays == [5, 15, 45, 135, 405, 900, 900])
    }

    @Test func aWishThatChangesDuringItsSearchIsSearchedAgain() throws {
        var book = DHTSearchBook(interval: .seconds(900))
        let hash = try hash(1)
        book.listen(hash, now: start)
        #expect(book.nextDue(now: start) == hash)
        book.announce(hash, .init(port: 7, isSeed: false), now: start)
        book.ended(hash, broughtSomething: true, now: start)
        #expect(book.nextDue(now: start) == hash)
        // The same announce again changes nothing.
        book.announce(hash, .init(port: 7, isSeed: false), now: start)
        book.ended(hash, broughtSomething: true, now: start)
        #expect(book.nextDue(now: start) == nil)
    }

    // MARK: Saved state

    @Test func stateSurvivesAndDamageIsNoState() throws {
        var state = DHTState()
        state.ids = [.ipv4: NodeID(1, 2, 3), .ipv6: NodeID(4, 5, 6)]
        let v6 = try #require(Endpoint("[2a00::7]:6881"))
        state.nodes = [
            NodeContact(id: NodeID(7, 8, 9), endpoint: .node(1)), NodeContact(id: NodeID(9, 8, 7), endpoint: v6),
        ]
        #expect(DHTState(decoding: state.encoded()) == state)
        #expect(DHTState(decoding: []) == nil)
        #expect(DHTState(decoding: Array("le".utf8)) == nil)
        #expect(DHTState(decoding: Array("d2:id3:abc5:nodesi5ee".utf8)) == DHTState())
        var generator = SplitMix64(seed: 3)
        for _ in 0..<2_000 {
            var bytes = state.encoded()
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            if let read = DHTState(decoding: bytes) { #expect(read.nodes.count <= 2) }
        }
    }
}

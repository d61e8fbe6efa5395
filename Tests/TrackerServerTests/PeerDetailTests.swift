import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

/// What is remembered of a peer beside its address.
@Suite struct PeerDetailTests {
    private let hash = InfoHash.of(1)

    private func announce(
        _ tracker: Tracker, id: [UInt8], left: UInt64, up: UInt64 = 0, down: UInt64 = 0
    ) throws -> SwarmPeer? {
        let request = AnnounceRequest(
            infoHash: hash, peerID: try #require(PeerID(bytes: id)), port: 6881, uploaded: up, downloaded: down,
            left: left)
        _ = tracker.announce(
            request, from: .init(address: address("8.0.0.1"), port: 1), localAddress: address("127.0.0.1"),
            transport: .udp)
        return tracker.peers(of: hash).first
    }

    @Test func isToldInWordsAndNumbers() throws {
        let tracker = makeTracker()
        tracker.allow(hash, size: 1_000_000)
        let id = Array("-qB4630-abcdefghijkl".utf8)
        let peer = try #require(try announce(tracker, id: id, left: 250_000, up: 5_000_000, down: 750_000))
        #expect(peer.client == "-qB4630-" && !peer.isSeeder)
        #expect((4_900_000...5_000_000).contains(peer.uploaded))
        #expect((738_000...750_000).contains(peer.downloaded))
        let progress = try #require(peer.progress)
        #expect((0.74...0.75).contains(progress))
        #expect(try announce(tracker, id: id, left: 0)?.progress == 1)
        #expect(try announce(tracker, id: id, left: .max, up: .max, down: .max)?.progress == 0)
    }

    @Test func isUnknownWhereNobodySaysIt() throws {
        let tracker = makeTracker()
        let peer = try #require(try announce(tracker, id: [UInt8](repeating: 200, count: 20), left: 5))
        #expect(peer.client == "" && peer.progress == nil && peer.uploaded == 0)
    }

    @Test func stepsOfProgress() {
        #expect(CoarseProgress.encode(left: 0, of: nil) == CoarseProgress.complete)
        #expect(CoarseProgress.encode(left: 1, of: nil) == CoarseProgress.unknown)
        #expect(CoarseProgress.encode(left: 1, of: 0) == CoarseProgress.unknown)
        #expect(CoarseProgress.decode(CoarseProgress.encode(left: .max, of: .max)) == 0)
        // Only nothing left is complete.
        let almost = CoarseProgress.decode(CoarseProgress.encode(left: 1, of: .max))
        #expect(almost.map { $0 < 1 } == true)
        #expect(CoarseProgress.decode(CoarseProgress.encode(left: 50, of: 100)) == 0.5)
    }

    @Test func coarseCountsKeepTheOrderAndNearlyTheNumber() {
        var random = FastRandom(seed: 1)
        var numbers: [UInt64] = [0, 1, 63, 64, 65, 127, 128, .max, .max - 1, 1 << 63]
        for _ in 0..<5000 { numbers.append(random.next() >> UInt64(random.below(64))) }
        numbers.sort()
        var last: UInt16 = 0
        for number in numbers {
            let code = CoarseCount.encode(number)
            let decoded = CoarseCount.decode(code)
            #expect(code >= last && code <= CoarseCount.maximum && code < 4096)
            #expect(decoded <= number && number - decoded <= number / 64)
            #expect(CoarseCount.encode(decoded) == code)
            last = code
        }
        #expect(CoarseCount.decode(.max) == CoarseCount.decode(CoarseCount.maximum))
        for code in 1...CoarseCount.maximum { #expect(CoarseCount.decode(code) > CoarseCount.decode(code - 1)) }
    }

    @Test func headsAreKeptOnceEach() {
        let heads = ClientHeads()
        let known = PeerID.of(1).head
        let number = heads.number(of: known)
        #expect(number > 0 && heads.number(of: known) == number && heads.text(number) == "-XX0001-")
        #expect(heads.text(0) == "" && heads.text(.max) == "" && heads.text(number == 1 ? 2 : 1) == "")
        #expect(heads.number(of: 0) == 0 && heads.number(of: .max) == 0)
    }

    /// Anybody can send any head: the table has its size, and what it told stays true.
    @Test func headsDoNotGrow() {
        let heads = ClientHeads()
        let known = PeerID.of(1).head
        let number = heads.number(of: known)
        var given: Set<UInt16> = []
        for count in 0..<100_000 as Range<UInt64> {
            let head = (0..<8).reduce(0 as UInt64) { $0 << 8 | (0x30 + (count >> (4 * $1)) & 15) }
            let number = heads.number(of: head)
            given.insert(number)
            if number > 0 { #expect(heads.head(number) == head) }
        }
        #expect(given.count <= 4096 && given.count > 3000)
        #expect(heads.number(of: known) == number)
    }

    @Test func tagsOutliveTheProcessAndNeedTheSeed() {
        let first = Peer(id: 1, ip: "8.0.0.1", key: 7).request
        let second = Peer(id: 2, ip: "8.0.0.1", key: 8).request
        let (mine, same, other) = (ClientTags(seed: 5), ClientTags(seed: 5), ClientTags(seed: 6))
        #expect(mine.peerTag(first) == same.peerTag(first) && mine.keyTag(first) == same.keyTag(first))
        #expect(mine.peerTag(first) != other.peerTag(first) && mine.keyTag(first) != other.keyTag(first))
        #expect(mine.peerTag(first) != mine.peerTag(second) && mine.keyTag(first) != mine.keyTag(second))
        #expect(mine.keyTag(Peer(id: 1, ip: "8.0.0.1").request) == 0)
        // Written down, so that stored snapshots stay readable.
        #expect(mine.peerTag(first) == 2_557_417_713)
        #expect(mine.keyTag(first) == 2_662_447_529)
    }
}

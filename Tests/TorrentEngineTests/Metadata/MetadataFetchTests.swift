import Cryptography
import Metainfo
import PeerWire
import TestSupport
import Testing

@testable import TorrentEngine

/// The fetch of `info` bytes from honest and lying peers, with the clock as an argument.
@Suite struct MetadataFetchTests {
    let start = ContinuousClock.now
    let info: [UInt8]
    let hash: InfoHash

    init() throws {
        var random = SplitMix64(seed: 3)
        info = (0..<40_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        hash = try #require(InfoHash(bytes: Digest.sha1(info)))
    }

    private func peer(_ number: UInt64) -> PeerNumber { PeerNumber(rawValue: number) }

    private func block(_ piece: Int, of info: [UInt8]) -> [UInt8] {
        Array(info[piece * 16_384..<min(info.count, (piece + 1) * 16_384)])
    }

    /// Answers all requests until something comes of it.
    private func run(_ fetch: inout MetadataFetch, _ answer: (PeerNumber, Int) -> [UInt8]?) -> MetadataFetch.Outcome {
        var now = start
        for _ in 0..<100 {
            for request in fetch.next(now: now) {
                guard let block = answer(request.peer, request.piece) else {
                    fetch.rejected(request.peer, piece: request.piece, now: now)
                    continue
                }
                let outcome = fetch.received(
                    request.peer, piece: request.piece, totalSize: info.count, block: block)
                if outcome != .incomplete { return outcome }
            }
            now += .seconds(1)
        }
        return .incomplete
    }

    @Test func blocksComeFromSeveralPeers() {
        var fetch = MetadataFetch(version1: hash, version2: nil)
        for number in 1...3 { fetch.join(peer(UInt64(number)), size: info.count) }
        var asked: Set<PeerNumber> = []
        let outcome = run(&fetch) { peer, piece in
            asked.insert(peer)
            return block(piece, of: info)
        }
        #expect(outcome == .complete(info))
        #expect(asked.count == 3)
    }

    @Test func theHashOfVersionTwoIsAccepted() throws {
        let version2 = try #require(InfoHashV2(bytes: Digest.sha256(info)))
        var fetch = MetadataFetch(version1: nil, version2: version2)
        fetch.join(peer(1), size: info.count)
        #expect(run(&fetch) { block($1, of: info) } == .complete(info))
    }

    /// Hazard P06: metadata of a wrong hash is discarded, and its sender is named.
    @Test func aLoneLiarIsNamed() {
        var fetch = MetadataFetch(version1: hash, version2: nil)
        fetch.join(peer(1), size: info.count)
        #expect(
            run(&fetch) { _, piece in [UInt8](repeating: 0, count: block(piece, of: info).count) }
                == .wrong(liar: peer(1)))
        #expect(fetch.next(now: start + .seconds(60)).isEmpty)
    }

    @Test func amongSeveralTheLiarIsFoundByAskingOneAtATime() {
        var fetch = MetadataFetch(version1: hash, version2: nil)
        for number in 1...3 { fetch.join(peer(UInt64(number)), size: info.count) }
        func answer(_ from: PeerNumber, _ piece: Int) -> [UInt8] {
            var bytes = block(piece, of: info)
            if from == peer(1) { bytes[0] ^= 1 }
            return bytes
        }
        #expect(run(&fetch, answer) == .wrong(liar: nil))
        #expect(run(&fetch, answer) == .wrong(liar: peer(1)))
        #expect(run(&fetch, answer) == .complete(info))
    }

    @Test func whatWasNotAskedForIsLeftOut() {
        var fetch = MetadataFetch(version1: hash, version2: nil)
        fetch.join(peer(1), size: info.count)
        #expect(fetch.received(peer(1), piece: 0, totalSize: info.count, block: block(0, of: info)) == .incomplete)
        #expect(fetch.progress == 0)
        _ = fetch.next(now: start)
        // Another length than was told, and another peer than was asked.
        #expect(fetch.received(peer(1), piece: 0, totalSize: 5, block: block(0, of: info)) == .incomplete)
        #expect(fetch.received(peer(2), piece: 1, totalSize: info.count, block: block(1, of: info)) == .incomplete)
        #expect(fetch.progress == 0)
    }

    @Test(arguments: [0, -1, (4 << 20) + 1, .max]) func sizesBeyondFourMebibytesAreIgnored(_ size: Int) {
        var fetch = MetadataFetch(version1: hash, version2: nil)
        fetch.join(peer(1), size: size)
        #expect(fetch.next(now: start).isEmpty)
    }

    @Test func theLengthMostPeersTellGoesFirst() {
        var fetch = MetadataFetch(version1: hash, version2: nil)
        fetch.join(peer(1), size: 16_384)
        for number in 2...3 { fetch.join(peer(UInt64(number)), size: info.count) }
        #expect(Set(fetch.next(now: start).map(\.peer)) == [peer(2), peer(3)])
    }

    @Test func aSilentPeerIsPassedOver() {
        var fetch = MetadataFetch(version1: hash, version2: nil)
        fetch.join(peer(1), size: info.count)
        #expect(fetch.next(now: start).count == 3)
        fetch.join(peer(2), size: info.count)
        let late = fetch.next(now: start + MetadataFetch.patience)
        #expect(late.count == 3 && late.allSatisfy { $0.peer == peer(2) })
    }

    @Test func aPeerThatLeavesIsReplaced() {
        var fetch = MetadataFetch(version1: hash, version2: nil)
        fetch.join(peer(1), size: info.count)
        _ = fetch.next(now: start)
        fetch.leave(peer(1))
        fetch.join(peer(2), size: info.count)
        #expect(run(&fetch) { block($1, of: info) } == .complete(info))
    }

    /// Any order of joins, answers and departures: nothing but the right bytes ever comes out.
    @Test func nothingWrongEverComesOut() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<300 {
            var fetch = MetadataFetch(version1: hash, version2: nil)
            var now = start
            for _ in 0..<40 {
                now += .seconds(Int(random.next() % 5))
                let number = peer(random.next() % 4)
                switch random.next() % 4 {
                case 0: fetch.join(number, size: [info.count, 16_384, 1][Int(random.next() % 3)])
                case 1: fetch.leave(number)
                default:
                    for request in fetch.next(now: now) {
                        var bytes = block(request.piece, of: info)
                        if random.next() % 3 == 0, !bytes.isEmpty { bytes[0] ^= 1 }
                        let outcome = fetch.received(
                            request.peer, piece: request.piece, totalSize: info.count, block: bytes)
                        if case .complete(let whole) = outcome { #expect(whole == info) }
                    }
                }
            }
        }
    }
}

import Cryptography
import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// Peers that keep a metadata fetch from its end without ever sending a whole that is wrong.
@Suite struct MetadataLiarTests {
    let start = ContinuousClock.now
    let info = [UInt8](repeating: 7, count: 20_000)

    private func peer(_ number: UInt64) -> PeerNumber { PeerNumber(rawValue: number) }

    private func fetch() throws -> MetadataFetch {
        MetadataFetch(version1: try #require(InfoHash(bytes: Digest.sha1(info))), version2: nil)
    }

    private func block(_ piece: Int) -> [UInt8] { Array(info[piece * 16_384..<min(info.count, (piece + 1) * 16_384)]) }

    @Test func blocksOfAnotherLengthAreNotAskedOfTheirSenderAgain() throws {
        var fetch = try fetch()
        for number in 1...2 { fetch.join(peer(UInt64(number)), size: info.count) }
        for _ in 0..<10 {
            for request in fetch.next(now: start) {
                let answer = request.peer == peer(1) ? [1, 2, 3] : block(request.piece)
                let outcome = fetch.received(
                    request.peer, piece: request.piece, totalSize: info.count, block: answer)
                if outcome == .complete(info) { return }
            }
        }
        Issue.record("the honest peer was not asked for everything")
    }

    @Test(arguments: [true, false]) func aMajorityThatSendsNothingDoesNotHideTheTrueLength(refuses: Bool) throws {
        var fetch = try fetch()
        for number in 1...5 { fetch.join(peer(UInt64(number)), size: 100_000) }
        fetch.join(peer(6), size: info.count)
        var now = start
        for _ in 0..<120 {
            for request in fetch.next(now: now) {
                if request.peer == peer(6) {
                    let outcome = fetch.received(
                        request.peer, piece: request.piece, totalSize: info.count, block: block(request.piece))
                    if outcome == .complete(info) { return }
                } else if refuses {
                    fetch.rejected(request.peer, piece: request.piece, now: now)
                }
            }
            now += .seconds(1)
        }
        Issue.record("the peer with the true length was never asked for everything")
    }
}

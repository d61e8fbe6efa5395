import Cryptography
import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

@Suite struct HashFetchTests {
    let start = ContinuousClock.now
    let first = PeerNumber(rawValue: 1)
    let second = PeerNumber(rawValue: 2)

    /// What an honest peer that has everything answers.
    private func answer(_ file: HashedFile, _ request: HashRequest) throws -> [UInt8] {
        var server = HashServer(now: start)
        let message: PeerMessage
        switch server.answer(request, layers: try file.pieceLayers(), now: start) {
        case .send(let sent): message = sent
        case .run(let job): message = job.run(reading: file.read)
        case .wait: message = .keepAlive
        }
        guard case .hashes(request, let hashes) = message else {
            Issue.record("an honest server rejects \(request)")
            return []
        }
        return hashes
    }

    @Test(arguments: [32_768 * 2, 32_768 * 3 + 1, 32_768 * 512, 32_768 * 600 + 5])
    func aLayerComesInRequestsOfAtMost512Hashes(length: Int) throws {
        let file = HashedFile(length: length, pieceLength: 32_768)
        var fetch = HashFetch(layers: PieceLayers(info: try file.info()))
        fetch.join(first)
        let requests = fetch.next(now: start)
        #expect(requests.count == (length > 32_768 * 512 ? 2 : 1))
        #expect(requests.allSatisfy { $0.1.length <= 512 && $0.1.index.isMultiple(of: $0.1.length) })
        var outcome: HashFetchOutcome?
        for (peer, request) in requests {
            outcome = fetch.receive(request, hashes: try answer(file, request), from: peer)
        }
        #expect(outcome == .layer(root: file.root))
        #expect(fetch.isIdle && fetch.isComplete && fetch.layers.isComplete)
        #expect(fetch.layers.dictionary == [file.root: file.pieceLayer])
    }

    @Test func filesOfOnePieceNeedNothing() throws {
        let file = HashedFile(length: 30_000, pieceLength: 32_768)
        let fetch = HashFetch(layers: PieceLayers(info: try file.info()))
        #expect(fetch.isIdle && fetch.isComplete)
    }

    @Test func wrongHashesAreFoundAndAskedOfAnother() throws {
        let file = HashedFile(length: 32_768 * 600, pieceLength: 32_768)
        var fetch = HashFetch(layers: PieceLayers(info: try file.info()))
        fetch.join(first)
        let requests = fetch.next(now: start)
        var hashes = try answer(file, requests[0].1)
        hashes[hashes.count - 1] ^= 1
        #expect(fetch.receive(requests[0].1, hashes: hashes, from: first) == .bad)
        fetch.leave(first)
        fetch.join(second)
        let again = fetch.next(now: start)
        #expect(Set(again.map(\.1)) == Set(requests.map(\.1)))
        for (peer, request) in again {
            let hashes = try answer(file, request)
            #expect(fetch.receive(request, hashes: hashes, from: peer) != .bad)
        }
        #expect(fetch.isComplete)
    }

    @Test func hashesNobodyAskedForAreIgnored() throws {
        let file = HashedFile(length: 32_768 * 3, pieceLength: 32_768)
        var fetch = HashFetch(layers: PieceLayers(info: try file.info()))
        fetch.join(first)
        fetch.join(second)
        let request = try #require(fetch.next(now: start).first).1
        let hashes = try answer(file, request)
        #expect(fetch.receive(request, hashes: hashes, from: second) == .unasked)
        var other = request
        other.index = 4
        #expect(fetch.receive(other, hashes: hashes, from: first) == .unasked)
        #expect(fetch.receive(request, hashes: hashes, from: first) == .layer(root: file.root))
        #expect(fetch.receive(request, hashes: hashes, from: first) == .unasked)
    }

    @Test func aPeerThatRejectsOrIsSilentIsPassedOverForAWhile() throws {
        let file = HashedFile(length: 32_768 * 3, pieceLength: 32_768)
        var fetch = HashFetch(layers: PieceLayers(info: try file.info()))
        fetch.join(first)
        let request = try #require(fetch.next(now: start).first).1
        fetch.rejected(request, from: first, now: start)
        #expect(fetch.next(now: start + .seconds(29)).isEmpty)
        #expect(fetch.next(now: start + .seconds(30)).map(\.1) == [request])
        #expect(fetch.next(now: start + .seconds(44)).isEmpty)
        fetch.join(second)
        #expect(fetch.next(now: start + .seconds(45)).map(\.0) == [second])
        // The late answer still counts, and the second one is superfluous then.
        let hashes = try answer(file, request)
        #expect(fetch.receive(request, hashes: hashes, from: first) == .layer(root: file.root))
        #expect(fetch.receive(request, hashes: hashes, from: second) == .unasked)
    }

    @Test(arguments: [(200_000, 65_536, 3), (200_000, 65_536, 1), (40_000, 65_536, 0), (17 << 20, 16 << 20, 0)])
    func theLeavesOfAPieceTellItsBlocks(length: Int, pieceLength: Int, piece: Int) throws {
        let file = HashedFile(length: length, pieceLength: pieceLength)
        var fetch = HashFetch(layers: try file.pieceLayers())
        fetch.join(first)
        fetch.wantLeaves(of: PieceIndex(UInt32(piece)))
        fetch.wantLeaves(of: PieceIndex(UInt32(piece)))
        let requests = fetch.next(now: start)
        #expect(requests.count == (pieceLength > 8 << 20 ? 2 : 1))
        var outcome: HashFetchOutcome?
        for (peer, request) in requests {
            outcome = fetch.receive(request, hashes: try answer(file, request), from: peer)
        }
        let perPiece = pieceLength / 16_384
        let blocks = (min(length, (piece + 1) * pieceLength) - piece * pieceLength + 16_383) / 16_384
        let leaves = file.layers[0][piece * perPiece..<piece * perPiece + blocks].flatMap { $0 }
        #expect(outcome == .leaves(PieceIndex(UInt32(piece)), leaves))
        #expect(fetch.isIdle)
    }

    @Test func aPieceOfOneBlockHasNoLeavesToAskFor() throws {
        let file = HashedFile(length: 50_000, pieceLength: 16_384)
        var fetch = HashFetch(layers: try file.pieceLayers())
        fetch.join(first)
        fetch.wantLeaves(of: PieceIndex(0))
        #expect(fetch.isIdle)
    }

    @Test func noPeerHasMoreThanFourRequests() throws {
        let file = HashedFile(length: 16_384 * 512 * 5, pieceLength: 16_384)
        var fetch = HashFetch(layers: PieceLayers(info: try file.info()))
        fetch.join(first)
        #expect(fetch.next(now: start).count == 4)
        #expect(fetch.next(now: start).isEmpty)
        fetch.join(second)
        #expect(fetch.next(now: start).map(\.0) == [second])
    }
}

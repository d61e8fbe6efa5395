import ByteCoding
import Foundation
import Metainfo
import NIOCore
import PeerWire
import Testing

@testable import TorrentEngine

@Suite struct HandshakeReaderTests {
    private var handshake: [UInt8] { [19] + Array("BitTorrent protocol".utf8) + [UInt8](repeating: 1, count: 48) }

    @Test(arguments: [1, 2, 19, 20, 47, 67, 68, 100]) func handshakesComeInAnyPortions(_ size: Int) throws {
        var reader = HandshakeReader()
        var input = (handshake + [7, 8, 9])[...]
        var found: PeerHandshake?
        while found == nil, !input.isEmpty {
            var chunk = input.prefix(size)
            input = input.dropFirst(size)
            found = try reader.read(from: &chunk)
            input = chunk + input
        }
        #expect(found?.infoHash.bytes == [UInt8](repeating: 1, count: 20))
        #expect(Array(input) == [7, 8, 9])
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "\u{13}BitTorrent protocoX", "\u{12}"]) func otherProtocolsAreSeenAtOnce(
        _ text: String
    ) {
        var reader = HandshakeReader()
        var input = Array(text.utf8)[...]
        #expect(throws: PeerCloseReason.notBitTorrent) { try reader.read(from: &input) }
    }
}

@Suite struct RequestQueueTests {
    private func block(_ number: UInt32, length: UInt32 = 100) -> QueuedBlock {
        QueuedBlock(request: BlockRequest(piece: PieceIndex(number), begin: 0, length: length), offset: Int64(number))
    }

    @Test func takesWhatFitsAndAtLeastOne() {
        var queue = RequestQueue(capacity: 10)
        for number in UInt32(0)..<5 { #expect((queue.append(block(number))) == true) }
        var batch: [QueuedBlock] = []
        queue.take(into: &batch, bytes: 250, limit: 10)
        #expect(batch.map(\.offset) == [0, 1])
        batch = []
        queue.take(into: &batch, bytes: 1, limit: 10)
        #expect(batch.map(\.offset) == [2])
        batch = []
        queue.take(into: &batch, bytes: 1_000, limit: 1)
        #expect(batch.map(\.offset) == [3])
        #expect(queue.count == 1)
    }

    @Test func staysWithinItsCapacityForEver() {
        var queue = RequestQueue(capacity: 3)
        var batch: [QueuedBlock] = []
        for number in UInt32(0)..<1_000 {
            #expect((queue.append(block(number))) == true)
            #expect((queue.append(block(number))) == true)
            batch = []
            queue.take(into: &batch, bytes: 100, limit: 1)
            #expect(batch.count == 1)
            if queue.count == 2 {
                _ = queue.takeAll()
            }
        }
        for number in UInt32(0)..<2 { #expect(queue.append(block(number)) == (queue.count <= 3)) }
        while queue.append(block(9)) {}
        #expect(queue.count == 3)
    }

    @Test func removesOneRequest() {
        var queue = RequestQueue(capacity: 10)
        for number in UInt32(0)..<3 { _ = queue.append(block(number)) }
        #expect(queue.remove(block(1).request)?.offset == 1)
        #expect(queue.remove(block(1).request) == nil)
        #expect(queue.takeAll().map(\.offset) == [0, 2])
        #expect(queue.isEmpty)
    }
}

@Suite struct UploadTotalsTests {
    @Test func drainedBytesAreNotDrainedAgain() throws {
        let totals = UploadTotals()
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        totals.add(5, to: hash)
        totals.add(6, to: hash)
        #expect(totals.drain() == [hash: 11])
        #expect(totals.drain().isEmpty)
        totals.add(1, to: hash)
        #expect(totals.drain() == [hash: 1])
        #expect(totals.total(of: hash) == 12)
        #expect(totals.totals() == [hash: 12])
    }
}

@Suite struct ServingStateTests {
    @Test func fastPeersGetLargeBatches() {
        var state = ServingState()
        state.sinceTick = 100 << 20
        #expect(state.tick(seconds: 1, batchLimit: 256 << 10) == 100 << 20)
        #expect(state.batchBytes == 256 << 10)
        #expect(state.sinceTick == 0)
        for _ in 0..<60 { _ = state.tick(seconds: 1, batchLimit: 256 << 10) }
        #expect(state.batchBytes == ServingState.smallBatch)
        for _ in 0..<100 { _ = state.tick(seconds: 1, batchLimit: 256 << 10) }
        #expect(state.rate == 0)
    }

    @Test func aStallBeginsWhenNothingIsTaken() {
        var state = ServingState()
        let start = ContinuousClock.now
        #expect(state.noteWaiting(0, now: start) == nil)
        #expect(state.noteWaiting(100, now: start + .seconds(1)) == start + .seconds(1))
        #expect(state.noteWaiting(100, now: start + .seconds(2)) == start + .seconds(1))
        #expect(state.noteWaiting(99, now: start + .seconds(3)) == start + .seconds(3))
        #expect(state.noteWaiting(150, now: start + .seconds(4)) == start + .seconds(3))
        #expect(state.noteWaiting(0, now: start + .seconds(5)) == nil)
    }
}

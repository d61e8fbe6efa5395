import ByteCoding
import Metainfo
import PeerWire
import Testing

@Suite struct PeerMessageTests {
    static let block = BlockRequest(piece: PieceIndex(1), begin: 2, length: 3)
    static let blockBytes: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]
    static let root = (0..<32).map(UInt8.init)
    static let hashBytes: [UInt8] = root + [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4]

    static var hash: HashRequest {
        get throws {
            try #require(HashRequest(piecesRoot: root, baseLayer: 1, index: 2, length: 3, proofLayers: 4))
        }
    }

    /// Every message with its exact bytes on the wire.
    static func examples() throws -> [(PeerMessage, [UInt8])] {
        [
            (.keepAlive, [0, 0, 0, 0]), (.choke, [0, 0, 0, 1, 0]), (.unchoke, [0, 0, 0, 1, 1]),
            (.interested, [0, 0, 0, 1, 2]), (.notInterested, [0, 0, 0, 1, 3]),
            (.have(PieceIndex(7)), [0, 0, 0, 5, 4, 0, 0, 0, 7]), (.bitfield([0xf0, 1]), [0, 0, 0, 3, 5, 0xf0, 1]),
            (.request(block), [0, 0, 0, 13, 6] + blockBytes),
            (.piece(PieceIndex(1), begin: 2, data: [9, 8]), [0, 0, 0, 11, 7, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8]),
            (.cancel(block), [0, 0, 0, 13, 8] + blockBytes), (.port(6881), [0, 0, 0, 3, 9, 0x1a, 0xe1]),
            (.suggest(PieceIndex(1)), [0, 0, 0, 5, 13, 0, 0, 0, 1]), (.haveAll, [0, 0, 0, 1, 14]),
            (.haveNone, [0, 0, 0, 1, 15]), (.reject(block), [0, 0, 0, 13, 16] + blockBytes),
            (.allowedFast(PieceIndex(1)), [0, 0, 0, 5, 17, 0, 0, 0, 1]),
            (.extended(id: 3, payload: [5, 6]), [0, 0, 0, 4, 20, 3, 5, 6]),
            (.hashRequest(try hash), [0, 0, 0, 49, 21] + hashBytes),
            (
                .hashes(try hash, [UInt8](repeating: 6, count: 32)),
                [0, 0, 0, 81, 22] + hashBytes + [UInt8](repeating: 6, count: 32)
            ),
            (.hashReject(try hash), [0, 0, 0, 49, 23] + hashBytes), (.unknown(id: 99), [0, 0, 0, 1, 99]),
        ]
    }

    @Test func encodesAndDecodes() throws {
        for (message, wire) in try Self.examples() {
            #expect(message.encoded() == wire)
            #expect(try PeerMessage(decoding: wire.dropFirst(4)) == message)
        }
    }

    @Test func fixedMessagesHaveOneLength() throws {
        let fixed: Set<UInt8> = [0, 1, 2, 3, 4, 6, 8, 9, 13, 14, 15, 16, 17, 21, 23]
        for (message, wire) in try Self.examples() {
            guard let id = message.id, fixed.contains(id) else { continue }
            let body = wire.dropFirst(4)
            #expect(throws: PeerWireError.wrongLength(id: id, length: body.count + 1)) {
                try PeerMessage(decoding: body + [0])
            }
            guard body.count > 1 else { continue }
            #expect(throws: PeerWireError.wrongLength(id: id, length: body.count - 1)) {
                try PeerMessage(decoding: body.dropLast())
            }
        }
    }

    @Test func headersOfPiecesAreThoseOfTheMessage() {
        let data = [UInt8](repeating: 1, count: 100)
        let whole = PeerMessage.piece(PieceIndex(3), begin: 16_384, data: data[...]).encoded()
        var header: [UInt8] = []
        PeerMessage.appendPieceHeader(piece: PieceIndex(3), begin: 16_384, dataLength: 100, to: &header)
        #expect(header.count == PeerMessage.pieceHeaderByteCount)
        #expect(header + data == whole)
        var memory = [UInt8](repeating: 0, count: 14)
        var span = memory.mutableSpan
        var raw = span.mutableBytes
        let fits = PeerMessage.storePieceHeader(
            piece: PieceIndex(3), begin: 16_384, dataLength: 100, into: &raw, at: 1)
        let tooFar = PeerMessage.storePieceHeader(
            piece: PieceIndex(3), begin: 16_384, dataLength: 100, into: &raw, at: 2)
        #expect(fits && !tooFar)
        #expect(memory == [0] + header)
    }

    @Test func theLongestMessageIsTheLongestOfItsParts() {
        let limits = PeerMessageLimits(pieceCount: 100)
        #expect(limits.longest == (128 << 10) + 9)
        for id in UInt8.min...UInt8.max {
            #expect(limits.lengths(ofKind: id).upperBound <= limits.longest)
            #expect(PeerMessageLimits.default.lengths(ofKind: id).upperBound <= 1 << 20)
        }
        #expect(PeerMessageLimits(pieceCount: -1, blockBytes: -1, extensionBytes: -1).lengths(ofKind: 7) == 9...9)
    }
}

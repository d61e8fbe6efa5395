import Metainfo
import TestSupport
import Testing

@testable import PeerWire

/// Chunks read where they lie give the same messages as chunks that are pushed.
@Suite struct PeerFrameTests {
    /// The messages of chunks cut by `lengths`, blocks put together again.
    static func read(_ wire: [UInt8], cutBy length: () -> Int) throws -> [PeerMessage] {
        var framing = PeerMessageFraming()
        var messages: [PeerMessage] = []
        var rest = wire[...]
        while !rest.isEmpty {
            let chunk = Array(rest.prefix(max(1, length())))
            rest = rest.dropFirst(chunk.count)
            var position = 0
            while let frame = try framing.next(in: chunk.span.bytes, at: &position) {
                switch frame {
                case .message(let message): messages.append(message)
                case .block(let piece, let begin, let data):
                    messages.append(.piece(piece, begin: begin, data: chunk[data]))
                case .heldBlock(let piece, let begin, let length):
                    let data = framing.withHeldBlock { span in span.withUnsafeBytes { Array($0) } }
                    #expect(data.count == length)
                    messages.append(.piece(piece, begin: begin, data: data[...]))
                }
            }
            #expect(position == chunk.count)
        }
        #expect(framing.pendingByteCount == 0)
        return messages
    }

    @Test func readsTheSameHoweverTheBytesCome() throws {
        let examples = try PeerMessageTests.examples()
        let wire = examples.flatMap(\.1)
        for length in 1...wire.count {
            #expect(try Self.read(wire) { length } == examples.map(\.0))
        }
    }

    @Test func blocksLieInTheirChunk() throws {
        let data = [UInt8](repeating: 9, count: 16_384)
        let wire =
            PeerMessage.have(PieceIndex(1)).encoded()
            + PeerMessage.piece(PieceIndex(3), begin: 16_384, data: data[...]).encoded()
        var framing = PeerMessageFraming()
        var position = 0
        #expect(try framing.next(in: wire.span.bytes, at: &position) == .message(.have(PieceIndex(1))))
        #expect(
            try framing.next(in: wire.span.bytes, at: &position)
                == .block(piece: PieceIndex(3), begin: 16_384, data: 22..<22 + 16_384))
        #expect(try framing.next(in: wire.span.bytes, at: &position) == nil)
        #expect(framing.pendingByteCount == 0)
    }

    /// Hazard P01, CVE-2026-57080: refused by its prefix, and nothing is kept.
    @Test(arguments: [[0xff, 0xff, 0xff, 0xff], [0, 0x10, 0, 1, 7]] as [[UInt8]])
    func refusesLongMessagesByTheirPrefix(wire: [UInt8]) throws {
        for cut in 1...wire.count {
            var framing = PeerMessageFraming()
            var failure: PeerWireError?
            for chunk in [Array(wire.prefix(cut)), Array(wire.dropFirst(cut))] where !chunk.isEmpty {
                var position = 0
                do { _ = try framing.next(in: chunk.span.bytes, at: &position) } catch { failure = error }
            }
            if wire.count == 4 || failure != nil { #expect(failure != nil) }
            #expect(framing.pendingByteCount == 0 || failure == nil)
        }
    }

    /// Random bytes and random cuts: the two ways of reading agree on messages and on failure.
    @Test func agreesWithPushedChunksOnAnything() throws {
        var random = SplitMix64(seed: 11)
        let examples = try PeerMessageTests.examples().map(\.1)
        for _ in 0..<3_000 {
            var wire = (0..<4).flatMap { _ in examples[Int(random.next() % UInt64(examples.count))] }
            if random.next() % 2 == 0 {
                wire[Int(random.next() % UInt64(wire.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            #expect(Self.pushed(wire) == Self.inPlace(wire, &random))
        }
    }

    private static func pushed(_ wire: [UInt8]) -> [PeerMessage?] {
        var framing = PeerMessageFraming()
        framing.push(wire)
        var messages: [PeerMessage?] = []
        do {
            while let message = try framing.next() { messages.append(message) }
        } catch { messages.append(nil) }
        return messages
    }

    private static func inPlace(_ wire: [UInt8], _ random: inout SplitMix64) -> [PeerMessage?] {
        var framing = PeerMessageFraming()
        var messages: [PeerMessage?] = []
        var rest = wire[...]
        while !rest.isEmpty {
            let chunk = Array(rest.prefix(1 + Int(random.next() % 40)))
            rest = rest.dropFirst(chunk.count)
            var position = 0
            do {
                while let frame = try framing.next(in: chunk.span.bytes, at: &position) {
                    switch frame {
                    case .message(let message): messages.append(message)
                    case .block(let piece, let begin, let data):
                        messages.append(.piece(piece, begin: begin, data: chunk[data]))
                    case .heldBlock(let piece, let begin, _):
                        let data = framing.withHeldBlock { span in span.withUnsafeBytes { Array($0) } }
                        messages.append(.piece(piece, begin: begin, data: data[...]))
                    }
                }
            } catch { return messages + [nil] }
        }
        return messages
    }
}

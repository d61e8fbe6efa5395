import ByteCoding
import Metainfo
import PeerWire
import TestSupport
import Testing

@Suite struct PeerMessageFramingTests {
    /// Every message there is, pushed in chunks of one length.
    static func read(_ wire: [UInt8], inChunksOf length: Int) throws -> [PeerMessage] {
        var framing = PeerMessageFraming()
        var messages: [PeerMessage] = []
        var rest = wire[...]
        while !rest.isEmpty {
            framing.push(rest.prefix(length))
            rest = rest.dropFirst(length)
            while let message = try framing.next() { messages.append(message) }
        }
        #expect(framing.pendingByteCount == 0)
        return messages
    }

    @Test func readsTheSameHoweverTheBytesCome() throws {
        let examples = try PeerMessageTests.examples()
        let wire = examples.flatMap(\.1)
        for length in 1...wire.count {
            #expect(try Self.read(wire, inChunksOf: length) == examples.map(\.0))
        }
    }

    @Test func takesBytesFromMemory() throws {
        let wire = try PeerMessageTests.examples().flatMap(\.1)
        var framing = PeerMessageFraming()
        var count = 0
        for half in [Array(wire.prefix(wire.count / 2)), Array(wire.dropFirst(wire.count / 2))] {
            let span = half.span
            framing.push(span.bytes)
            while try framing.next() != nil { count += 1 }
        }
        #expect(try count == PeerMessageTests.examples().count)
    }

    @Test func waitsForMore() throws {
        for (_, wire) in try PeerMessageTests.examples() {
            for length in 0..<wire.count {
                var framing = PeerMessageFraming()
                framing.push(wire.prefix(length))
                #expect(try framing.next() == nil)
                framing.push(wire.dropFirst(length))
                #expect(try framing.next() != nil)
            }
        }
    }

    /// Hazard P01, CVE-2026-57080: four bytes are enough to refuse, and nothing is kept.
    @Test(arguments: [[0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff], [0, 0x10, 0, 1, 7]] as [[UInt8]])
    func refusesLongMessagesByTheirPrefix(wire: [UInt8]) throws {
        var framing = PeerMessageFraming()
        framing.push(wire)
        let first = #expect(throws: PeerWireError.self) { try framing.next() }
        framing.push([UInt8](repeating: 0, count: 100_000))
        #expect(framing.pendingByteCount == 0)
        let second = #expect(throws: PeerWireError.self) { try framing.next() }
        #expect(first == second)
        guard case .tooLong = first else {
            Issue.record("not refused for its length")
            return
        }
    }

    @Test func refusesAKindsWrongLengthBeforeItsContentComes() {
        var framing = PeerMessageFraming()
        framing.push([0, 0, 0x40, 0, 4])
        #expect(throws: PeerWireError.tooLong(length: 0x4000)) { try framing.next() }
        framing = PeerMessageFraming()
        framing.push([0, 0, 0, 1, 20])
        #expect(throws: PeerWireError.wrongLength(id: 20, length: 1)) { try framing.next() }
    }

    @Test func limitsMayChangeOnceTheTorrentIsKnown() throws {
        var framing = PeerMessageFraming()
        framing.limits = PeerMessageLimits(pieceCount: 8)
        framing.push([0, 0, 0, 2, 5, 0xff, 0, 0, 0, 100, 5])
        #expect(try framing.next() == .bitfield([0xff]))
        #expect(throws: PeerWireError.tooLong(length: 100)) { try framing.next() }
    }

    @Test func holdsNoMoreThanAMessageAndAChunk() throws {
        var framing = PeerMessageFraming()
        let wire = PeerMessage.piece(PieceIndex(0), begin: 0, data: [UInt8](repeating: 1, count: 16_384)[...]).encoded()
        for _ in 0..<100 {
            for chunk in [wire.prefix(9_000), wire.dropFirst(9_000)] {
                framing.push(chunk)
                while try framing.next() != nil {}
                #expect(framing.pendingByteCount <= 9_000)
            }
        }
    }

    /// What the bytes of each case come to here; policy (pieces that do not exist, queues, time) is the engine's.
    @Test func agreesWithTheCasesOfOtherClients() throws {
        let refused: Set<String> = [
            "large_message", "len_prefix_0xffffffff", "len_prefix_0x7fffffff_slow", "choke_with_body", "have_short",
            "have_all_with_body", "request_13_bytes_short", "cancel_short", "ext_handshake_deep", "ext_empty", "fuzz6",
        ]
        for row in try Conformance.rows("peer-wire") {
            guard let name = row["name"], row["when"] != "handshake", let hex = row["hex"].flatMap(Self.bytes) else {
                continue
            }
            var framing = PeerMessageFraming()
            framing.push(hex)
            var messages = 0
            var error: PeerWireError?
            do throws(PeerWireError) {
                while try framing.next() != nil { messages += 1 }
            } catch let thrown {
                error = thrown
            }
            #expect((error != nil) == refused.contains(name), "\(name)")
            #expect(framing.pendingByteCount <= hex.count)
            if name == "unknown_message_id" { #expect(messages == 1) }
        }
    }

    /// The bytes of a row, as far as the row holds them.
    static func bytes(_ cell: String) -> [UInt8]? {
        let hex = cell.replacing("REPEAT:", with: "").prefix { $0 != "." }
        return Hex.decode(String(hex))
    }

    @Test func noMutationTraps() throws {
        let good = try PeerMessageTests.examples().flatMap(\.1)
        var random = SplitMix64(seed: 10)
        var messages = 0
        for _ in 0..<10_000 {
            var bad = good
            for _ in 0..<3 {
                bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var framing = PeerMessageFraming(limits: PeerMessageLimits(pieceCount: 16))
            framing.push(bad)
            while let message = try? framing.next() {
                messages += 1
                if case .unknown = message { continue }
                #expect(try PeerMessage(decoding: message.encoded().dropFirst(4)) == message)
            }
        }
        #expect(messages > 10_000)
    }
}

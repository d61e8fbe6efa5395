import ByteCoding
import PeerWire
import TestSupport
import Testing

/// Whatever a peer sends, reading it ends, keeps within its limits, and what was read can be written and read again.
@Suite struct PeerWireFuzzTests {
    private func bytes(_ rows: [(name: String, hex: String)]) throws -> [[UInt8]] {
        try rows.map { try #require(Hex.decode($0.hex), "\($0.name)") }
    }

    // MARK: What must hold

    private func checkHandshake(_ bytes: [UInt8]) throws {
        let mayBegin = PeerHandshake.mayBegin(with: bytes.span.bytes)
        guard let handshake = try? PeerHandshake(decoding: bytes.span.bytes) else { return }
        #expect(mayBegin && bytes.count >= PeerHandshake.byteCount)
        var written: [UInt8] = []
        handshake.encode(into: &written)
        #expect(written == Array(bytes.prefix(PeerHandshake.byteCount)))
    }

    /// Reads a stream in portions; returns how many messages came.
    private func checkStream(_ bytes: [UInt8], portion: Int) throws -> Int {
        let limits = PeerMessageLimits(pieceCount: 100, blockBytes: 16_384, extensionBytes: 4_096)
        var framing = PeerMessageFraming(limits: limits)
        var rest = bytes[...]
        var count = 0
        while !rest.isEmpty {
            framing.push(rest.prefix(portion))
            rest = rest.dropFirst(portion)
            do throws(PeerWireError) {
                while let message = try framing.next() {
                    count += 1
                    if case .unknown = message { continue }
                    #expect((try? PeerMessage(decoding: message.encoded().dropFirst(4), limits: limits)) == message)
                }
            } catch {
                #expect(framing.pendingByteCount == 0)
                return count
            }
            #expect(framing.pendingByteCount <= limits.longest + 4 + min(portion, bytes.count))
        }
        return count
    }

    private func checkExtension(_ payload: [UInt8]) {
        if let read = try? ExtensionHandshake(decoding: payload) {
            #expect((0...ExtensionHandshake.maximumMetadataSize).contains(read.metadataSize ?? 0))
            #expect((try? ExtensionHandshake(decoding: read.encoded())) == read)
        }
        if let read = try? MetadataMessage(decoding: payload) {
            #expect((try? MetadataMessage(decoding: read.encoded())) == read)
        }
        if let read = try? PeerExchangeMessage(decoding: payload) {
            #expect(read.added.count <= 2 * PeerExchangeMessage.maximumPeers)
            #expect((try? PeerExchangeMessage(decoding: read.encoded())) != nil)
        }
        if let piece = try? DontHaveMessage.piece(in: payload[...]) {
            #expect(DontHaveMessage.payload(of: piece) == payload)
        }
    }

    // MARK: The corpus

    @Test func everyPrefixOfTheCorpus() throws {
        for handshake in try bytes(PeerWireCorpus.handshakes) {
            for length in 0...handshake.count { try checkHandshake(Array(handshake.prefix(length))) }
        }
        for stream in try bytes(PeerWireCorpus.streams) {
            for length in 0...stream.count { _ = try checkStream(Array(stream.prefix(length)), portion: .max) }
            let whole = try checkStream(stream, portion: .max)
            for portion in [1, 2, 3, 7, 64] { #expect(try checkStream(stream, portion: portion) == whole) }
        }
        for payload in try bytes(PeerWireCorpus.extensions) {
            for length in 0...payload.count { checkExtension(Array(payload.prefix(length))) }
        }
    }

    @Test func theFirstStreamHoldsEveryKind() throws {
        let stream = try #require(try bytes(PeerWireCorpus.streams).first)
        #expect(try checkStream(stream, portion: .max) == 21)
    }

    // MARK: Mutations and noise

    private func mutated(_ input: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
        var bytes = input
        for _ in 0...Int.random(in: 0..<4, using: &generator) {
            let index = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0 where index < bytes.count: bytes[index] = .random(in: 0...255, using: &generator)
            case 1 where index < bytes.count: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2 where index < bytes.count: bytes.remove(at: index)
            case 3: bytes.insert(Array("0123456789deil:-".utf8).randomElement(using: &generator) ?? 0, at: index)
            default: bytes.insert(contentsOf: bytes.suffix(.random(in: 0..<20, using: &generator)), at: index)
            }
        }
        return bytes
    }

    @Test func mutatedHandshakes() throws {
        var generator = SplitMix64(seed: 41)
        let corpus = try bytes(PeerWireCorpus.handshakes)
        for round in 0..<2_000 { try checkHandshake(mutated(corpus[round % corpus.count], &generator)) }
    }

    @Test func mutatedStreams() throws {
        var generator = SplitMix64(seed: 42)
        let corpus = try bytes(PeerWireCorpus.streams)
        var messages = 0
        for round in 0..<3_000 {
            let joined = corpus[round % corpus.count] + (corpus.randomElement(using: &generator) ?? [])
            messages += try checkStream(mutated(joined, &generator), portion: .random(in: 1...100, using: &generator))
        }
        #expect(messages > 1_000)
    }

    @Test func mutatedExtensions() throws {
        var generator = SplitMix64(seed: 43)
        let corpus = try bytes(PeerWireCorpus.extensions)
        for round in 0..<4_000 { checkExtension(mutated(corpus[round % corpus.count], &generator)) }
    }

    @Test func noise() throws {
        var generator = SplitMix64(seed: 44)
        for _ in 0..<1_000 {
            let count = Int.random(in: 0..<200, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            try checkHandshake(bytes)
            _ = try checkStream(bytes, portion: 50)
            // A short length in front, so that more than the first prefix is read.
            _ = try checkStream([0, 0, 0, 13] + bytes, portion: 50)
            checkExtension(bytes)
        }
    }
}

import ByteCoding
import Metainfo
import PeerWire
import TestSupport
import Testing

@Suite struct PeerHandshakeTests {
    static func decode(_ bytes: [UInt8]) throws(PeerWireError) -> PeerHandshake {
        let span = bytes.span
        return try PeerHandshake(decoding: span.bytes)
    }

    static func mayBegin(_ bytes: [UInt8]) -> Bool {
        let span = bytes.span
        return PeerHandshake.mayBegin(with: span.bytes)
    }

    static func infoHash(_ bytes: [UInt8]) -> InfoHash? {
        let span = bytes.span
        return PeerHandshake.infoHash(in: span.bytes)
    }

    static func example() throws -> (PeerHandshake, [UInt8]) {
        let handshake = PeerHandshake(
            features: [.extensions, .fast, .dht], infoHash: try #require(InfoHash(bytes: (1...20).map(UInt8.init))),
            peerID: try #require(PeerID(bytes: (101...120).map(UInt8.init))))
        let wire = [19] + Array("BitTorrent protocol".utf8) + [0, 0, 0, 0, 0, 0x10, 0, 5] + (1...20) + (101...120)
        return (handshake, wire)
    }

    @Test func encodesAndDecodes() throws {
        let (handshake, wire) = try Self.example()
        var out: [UInt8] = []
        handshake.encode(into: &out)
        #expect(out == wire && wire.count == PeerHandshake.byteCount)
        #expect(try Self.decode(wire) == handshake)
        #expect(try Self.decode(wire + [0, 0, 0, 0]) == handshake)
        #expect(handshake.supportsFast && handshake.supportsExtensions && handshake.supportsDHT)
        #expect(!handshake.features.contains(.v2))
    }

    @Test func noPartOfItIsOneAndEveryPartMayBecomeOne() throws {
        let (handshake, wire) = try Self.example()
        for length in 0..<wire.count {
            let part = Array(wire.prefix(length))
            #expect(throws: PeerWireError.notAHandshake) { try Self.decode(part) }
            #expect(Self.mayBegin(part))
            #expect(Self.infoHash(part) == (length >= 48 ? handshake.infoHash : nil))
        }
    }

    @Test func theFirstWrongByteIsEnough() throws {
        let (_, wire) = try Self.example()
        for index in 0..<20 {
            var bad = Array(wire.prefix(index + 1))
            bad[index] ^= 0x20
            #expect(!Self.mayBegin(bad))
        }
        #expect(!Self.mayBegin(Array("GET / HTTP/1.1\r\n".utf8)))
    }

    @Test func agreesWithTheCasesOfOtherClients() throws {
        for row in try Conformance.rows("peer-wire") where row["when"] == "handshake" {
            guard let name = row["name"], let bytes = row["hex"].flatMap({ Hex.decode($0) }) else { continue }
            #expect(Self.mayBegin(bytes) == ["unknown_infohash", "half_handshake"].contains(name), "\(name)")
            #expect(((try? Self.decode(bytes)) != nil) == (name == "unknown_infohash"), "\(name)")
        }
    }
}

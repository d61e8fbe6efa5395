import ByteCoding
import Metainfo
import TestSupport
import Testing

@Suite struct IdentityTests {
    static let bytes = (1...20).map(UInt8.init)

    @Test func aHashIsItsTwentyBytes() throws {
        let hash = try #require(InfoHash(bytes: Self.bytes))
        #expect(hash.bytes == Self.bytes)
        #expect(hash.hex == "0102030405060708090a0b0c0d0e0f1011121314")
        #expect(InfoHash(hex: hash.hex.uppercased()) == hash)
        #expect("\(hash)" == hash.hex)
        var reader = ByteReader(Self.bytes.span)
        let read = try InfoHash(from: &reader)
        #expect(read == hash)
        #expect(InfoHash(bytes: Self.bytes.dropLast()) == nil)
        #expect(InfoHash(bytes: Self.bytes + [1]) == nil)
        #expect(InfoHash(hex: String(hash.hex.dropLast()) + "g") == nil)
        #expect(InfoHash(hex: String(hash.hex.dropLast())) == nil)
    }

    @Test func aSecondVersionHashIsCutForTheWire() throws {
        let bytes = (1...32).map(UInt8.init)
        let hash = try #require(InfoHashV2(bytes: bytes))
        #expect(hash.bytes == bytes)
        #expect(hash.truncated.bytes == Self.bytes)
        #expect(InfoHashV2(hex: hash.hex) == hash)
        #expect(InfoHashV2(bytes: Self.bytes) == nil)
        #expect(InfoHashV2(hex: "12") == nil)
    }

    @Test func storesItself() throws {
        let hash = try #require(InfoHash(bytes: Self.bytes))
        let peer = try #require(PeerID(bytes: Self.bytes.reversed()))
        var memory = [UInt8](repeating: 0, count: 41)
        var span = memory.mutableSpan
        var raw = span.mutableBytes
        let stored = [hash.store(into: &raw, at: 1), peer.store(into: &raw, at: 21), hash.store(into: &raw, at: 22)]
        #expect(stored == [true, true, false])
        #expect(memory == [0] + Self.bytes + Self.bytes.reversed())
    }

    @Test(arguments: [
        ("-TR3000-012345678901", "Transmission 3.0.0"), ("-qB4520-012345678901", "qBittorrent 4.5.2"),
        ("-lt0D80-012345678901", "libTorrent 0.13.8"), ("-RS0100-012345678901", "Reelswarm 0.1.0"),
        ("-UT2210-012345678901", "µTorrent 2.2.1"), ("-LT2112-012345678901", "libtorrent 2.1.1.2"),
        ("A2-1-36-0-0123456789", "aria2 1.36.0"), ("M7-10-5--01234567890", "BitTorrent 7.10.5"),
        ("-??1234-012345678901", "-??1234-"), ("                    ", "unknown"), ("M       012345678901", "M"),
    ])
    func namesTheClient(id: String, name: String) throws {
        #expect(try #require(PeerID(bytes: id.utf8)).clientName == name)
    }

    @Test func anyIDHasAName() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<5000 {
            var bytes = (0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }
            if Bool.random(using: &random) { bytes.replaceSubrange(0..<3, with: Array("-TR".utf8)) }
            if Bool.random(using: &random) { bytes[7] = UInt8(ascii: "-") }
            let id = try #require(PeerID(bytes: bytes))
            #expect(!id.clientName.isEmpty)
            #expect(id.description.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
        }
    }
}

import ByteCoding
import Metainfo
import TestSupport
import Testing

@testable import DHTWire

@Suite struct NodeIDTests {
    private func random(_ generator: inout SplitMix64) -> NodeID {
        NodeID(generator.next(), generator.next(), UInt32(truncatingIfNeeded: generator.next()))
    }

    @Test func readsExactlyTwentyBytes() {
        let bytes = Array(UInt8(1)...20)
        #expect(NodeID(bytes: bytes)?.bytes == bytes)
        #expect(NodeID(bytes: bytes.dropLast()) == nil)
        #expect(NodeID(bytes: bytes + [0]) == nil)
        #expect(NodeID(bytes: bytes)?.description == "0102030405060708090a0b0c0d0e0f1011121314")
    }

    @Test func aTorrentsPlaceIsItsHash() throws {
        let hash = try #require(InfoHash(bytes: Array(UInt8(1)...20)))
        #expect(NodeID(hash).bytes == hash.bytes)
        #expect(NodeID(hash).infoHash == hash)
    }

    @Test func distanceIsExclusiveOrAndOrdersLikeTheBytes() {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<200 {
            let (a, b, c) = (random(&generator), random(&generator), random(&generator))
            #expect(a.distance(to: b).bytes == zip(a.bytes, b.bytes).map { $0 ^ $1 })
            #expect(a.distance(to: b) == b.distance(to: a))
            #expect((a < c) == a.bytes.lexicographicallyPrecedes(c.bytes))
        }
    }

    @Test func sharedPrefixCountsTheBitsOfAllThreeWords() {
        let id = NodeID(0, 0, 0)
        #expect(id.sharedPrefix(with: id) == 160)
        for bit in 0..<160 {
            var bytes = [UInt8](repeating: 0, count: 20)
            bytes[bit / 8] = 0x80 >> UInt8(bit % 8)
            #expect(NodeID(bytes: bytes)?.sharedPrefix(with: id) == bit)
        }
    }

    @Test func aNeighbourSharesExactlySoManyBits() {
        var generator = SplitMix64(seed: 2)
        for length in 0..<160 {
            let id = random(&generator)
            #expect(id.neighbour(sharing: length, random: random(&generator)).sharedPrefix(with: id) == length)
        }
        let id = random(&generator)
        #expect(id.neighbour(sharing: 999, random: id).sharedPrefix(with: id) == 159)
        #expect(id.neighbour(sharing: -1, random: id).sharedPrefix(with: id) == 0)
    }

    @Test func checksumIsThatOfRFC3720() {
        #expect(CRC32C.checksum(of: Array(repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(CRC32C.checksum(of: Array("123456789".utf8)) == 0xe306_9283)
    }

    @Test func theExamplesOfBEP42() throws {
        for row in try Conformance.rows("dht-vectors", file: "bep42.tsv") {
            let address = try #require(IPAddress(row["ip"] ?? ""))
            let example = try #require(Hex.decode(row["example_node_id"] ?? "").flatMap { NodeID(bytes: $0) })
            let prefix = try #require(Hex.decode(row["node_id_prefix_21_bits_hex"] ?? ""))
            let last = try #require(UInt8(row["last_byte"] ?? "", radix: 16))
            #expect(example.isValid(at: address))
            let made = NodeID(for: address, random: NodeID(0, 0, UInt32(last)))
            #expect(made.bytes.prefix(2) == prefix.prefix(2))
            #expect(made.bytes[2] & 0xf8 == prefix[2] & 0xf8)
            #expect(made.bytes.last == last)
        }
    }

    @Test func anIDBelongsToItsAddressOnly() throws {
        var generator = SplitMix64(seed: 3)
        var others = 0
        for round in 0..<300 {
            let text = round % 2 == 0 ? "8.8.\(round % 250).\(round / 2)" : "2a00:\(round):\(round + 1):7::1"
            let address = try #require(IPAddress(text))
            let id = NodeID(for: address, random: random(&generator))
            #expect(id.isValid(at: address))
            if random(&generator).isValid(at: address) { others += 1 }
        }
        // One in two million by chance.
        #expect(others == 0)
    }

    @Test(arguments: ["127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fd00::1"])
    func anyIDMayLiveInALocalNetwork(text: String) throws {
        #expect(NodeID(1, 2, 3).isValid(at: try #require(IPAddress(text))))
    }
}

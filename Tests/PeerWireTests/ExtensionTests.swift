import Bencode
import ByteCoding
import Metainfo
import PeerWire
import TestSupport
import Testing

@Suite struct ExtensionHandshakeTests {
    static let example = ExtensionHandshake(
        messageIDs: [ExtensionName.metadata: 2, ExtensionName.peerExchange: 1, "off": 0], client: "Reelswarm 0.1",
        listenPort: 6881, yourIP: IPAddress("1.2.3.4"), requestQueue: 250, metadataSize: 31_235, isUploadOnly: true)

    @Test func encodesAndDecodes() throws {
        #expect(try ExtensionHandshake(decoding: Self.example.encoded()) == Self.example)
        #expect(try ExtensionHandshake(decoding: Self.example.encoded() + [1, 2]) == Self.example)
        #expect(Self.example.messageID(of: ExtensionName.metadata) == 2)
        #expect(Self.example.messageID(of: "off") == nil)
        #expect(Self.example.messageID(of: "none") == nil)
        #expect(throws: Never.self) { try BencodeDocument(decoding: Self.example.encoded()) }
    }

    /// The ut_metadata_size rows of the peer-wire cases, and fields of the wrong kind.
    @Test(arguments: [
        "d1:md11:ut_metadatai2ee13:metadata_sizei4294967295ee", "d1:md11:ut_metadatai2ee13:metadata_sizei-1ee",
        "d13:metadata_sizei0e1:md11:ut_metadatai2eee", "d1:md11:ut_metadatai2e1:xi-1e1:yi256e1:z1:ae1:pi70000ee",
        "d1:md11:ut_metadatai2ee4:reqqi-5e6:yourip3:abc1:pi0ee",
    ])
    func leavesOutWhatIsOfNoUse(text: String) throws {
        let handshake = try ExtensionHandshake(decoding: Array(text.utf8))
        #expect(handshake == ExtensionHandshake(messageIDs: ["ut_metadata": 2]))
    }

    @Test(arguments: ["", "i1e", "le", "d99999999999:", "d1:a", "x"]) func refusesWhatIsNoDictionary(text: String) {
        #expect(throws: PeerWireError.badExtension) { try ExtensionHandshake(decoding: Array(text.utf8)) }
    }

    @Test func refusesDepth() {
        let deep = [UInt8](repeating: UInt8(ascii: "l"), count: 30_000)
        #expect(throws: PeerWireError.badExtension) { try ExtensionHandshake(decoding: deep) }
    }

    @Test func boundsNames() throws {
        let names = (0..<1000).map { (Array("n\($0)".utf8), BencodeTree.integer(1)) }
        let tree = BencodeTree.dictionary(["m": .dictionary(Dictionary(uniqueKeysWithValues: names))])
        #expect(try ExtensionHandshake(decoding: tree.encoded()).messageIDs.count == 64)
    }
}

@Suite struct MetadataMessageTests {
    @Test(
        arguments: [
            .request(piece: 0), .request(piece: 5), .reject(piece: 3), .unknown(type: 9),
            .data(piece: 1, totalSize: 20_000, block: [UInt8](repeating: 7, count: 3_616)),
        ] as [MetadataMessage])
    func encodesAndDecodes(message: MetadataMessage) throws {
        #expect(try MetadataMessage(decoding: message.encoded()) == message)
    }

    @Test(arguments: [
        "", "de", "d8:msg_typei0ee", "d8:msg_typei0e5:piecei-1ee", "d8:msg_typei1e5:piecei0ee",
        "d8:msg_typei1e5:piecei0e10:total_sizei4194305ee", "d8:msg_typei1e5:piecei256e10:total_sizei100ee", "i1e",
    ])
    func refusesWhatMakesNoSense(text: String) {
        #expect(throws: PeerWireError.badExtension) { try MetadataMessage(decoding: Array(text.utf8)) }
    }

    @Test func refusesMoreThanABlock() {
        let head = Array("d8:msg_typei1e5:piecei0e10:total_sizei40000ee".utf8)
        for size in [(16 << 10) + 1, 17 << 10, 18 << 10] {
            #expect(throws: PeerWireError.badExtension) {
                try MetadataMessage(decoding: head + [UInt8](repeating: 0, count: size))
            }
        }
    }

    @Test func answersWithTheBlockOrAReject() {
        let info = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }
        var whole: [UInt8] = []
        for piece in 0..<3 {
            guard case .data(piece, 40_000, let block) = MetadataMessage.answer(toRequestFor: piece, of: info) else {
                Issue.record("no block \(piece)")
                return
            }
            whole += block
        }
        #expect(whole == info)
        for piece in [3, -1, .max, .min] {
            #expect(MetadataMessage.answer(toRequestFor: piece, of: info) == .reject(piece: piece))
        }
    }
}

@Suite struct PeerExchangeMessageTests {
    static func endpoint(_ text: String) throws -> Endpoint { try #require(Endpoint(text)) }

    @Test func encodesAndDecodes() throws {
        let message = PeerExchangeMessage(
            added: [
                .init(endpoint: try Self.endpoint("1.2.3.4:80"), flags: [.uploadOnly, .reachable]),
                .init(endpoint: try Self.endpoint("5.6.7.8:81")),
                .init(endpoint: try Self.endpoint("[2001:db8::1]:82"), flags: .utp),
            ], dropped: [try Self.endpoint("9.9.9.9:9"), try Self.endpoint("[::1]:9")])
        #expect(try PeerExchangeMessage(decoding: message.encoded()) == message)
        #expect(throws: Never.self) { try BencodeDocument(decoding: message.encoded()) }
    }

    /// The flood of the peer-wire cases: 500 peers in one message.
    @Test func readsAndWritesAtMostFifty() throws {
        let flood = BencodeTree.dictionary([
            "added": .bytes(Array(repeatElement([127, 0, 0, 1, 0x1a, 0xe1], count: 500).joined())),
            "added.f": .bytes([]), "added6": .bytes([UInt8](repeating: 1, count: 18 * 500 + 3)),
        ])
        #expect(try PeerExchangeMessage(decoding: flood.encoded()).added.count == 50)
        let many = try (1...80).map { PeerExchangeMessage.Peer(endpoint: try Self.endpoint("1.2.3.4:\($0)")) }
        let written = PeerExchangeMessage(added: many, dropped: many.map(\.endpoint)).encoded()
        #expect(try PeerExchangeMessage(decoding: written).dropped.count == 50)
    }

    @Test func noPayloadTraps() throws {
        let good = PeerExchangeMessage(added: [.init(endpoint: try Self.endpoint("1.2.3.4:80"))]).encoded()
        let goods = [
            good, ExtensionHandshakeTests.example.encoded(),
            MetadataMessage.data(piece: 0, totalSize: 5, block: [1]).encoded(),
        ]
        var random = SplitMix64(seed: 11)
        var accepted = 0
        for good in goods {
            for _ in 0..<10_000 {
                var bad = good
                for _ in 0..<2 {
                    bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                bad = Array(bad.prefix(Int.random(in: bad.count / 2...bad.count, using: &random)) + [0x65, 0x65])
                if (try? PeerExchangeMessage(decoding: bad)) != nil { accepted += 1 }
                if (try? ExtensionHandshake(decoding: bad)) != nil { accepted += 1 }
                if (try? MetadataMessage(decoding: bad)) != nil { accepted += 1 }
            }
        }
        #expect(accepted > 1000)
    }
}

import ByteCoding
import Metainfo
import PeerWire
import TestSupport
import Testing
import TorrentEngine

/// The rows of the data set `peer-wire` that concern a seeder, against a listening engine (HAZARDS P01).
@Suite(.timeLimit(.minutes(1))) struct PeerWireConformanceTests {
    enum Outcome { case closed, open, either }

    /// What each row comes to here; rows that allow more than one outcome are pinned to ours.
    static let outcomes: [String: Outcome] = [
        "unknown_infohash": .closed, "wrong_pstr": .closed, "pstrlen_255": .closed, "http_get_on_peer_port": .closed,
        "half_handshake": .closed, "large_message": .closed, "len_prefix_0xffffffff": .closed,
        "len_prefix_0x7fffffff_slow": .closed, "keepalive_flood": .open, "unknown_message_id": .open,
        "choke_with_body": .closed, "have_short": .closed, "have_out_of_range": .closed, "bitfield_short": .closed,
        "bitfield_long": .closed, "bitfield_spare_bits_set": .closed, "bitfield_twice": .open,
        "have_all_then_none": .open, "have_all_with_body": .closed, "request_piece_out_of_range": .open,
        "request_len_zero": .open, "request_len_over_16k": .open, "request_len_2g": .open,
        "request_offset_overflow": .open, "request_13_bytes_short": .closed, "requests_while_choked": .closed,
        "cancel_short": .closed, "dht_port_unsupported": .open, "suggest_invalid": .open,
        "ext_handshake_not_dict": .closed, "ext_handshake_deep": .closed, "ext_handshake_bad_strlen": .closed,
        "ext_empty": .closed, "ut_metadata_request_too_high": .open, "ut_metadata_request_negative": .closed,
        "ut_pex_flood": .open, "requests_10000_no_read": .either,
    ]

    /// The bytes of rows that depend on the torrent or are too long to be written out.
    static func built(_ name: String, _ torrent: MadeTorrent) -> [UInt8]? {
        let request = PeerMessage.request(BlockRequest(piece: PieceIndex(0), begin: 0, length: 16_384)).encoded()
        let count = torrent.layout.pieceCount
        let exact = Bitfield(count: count).bytes
        func repeated(_ bytes: [UInt8], _ times: Int) -> [UInt8] {
            [[UInt8]](repeating: bytes, count: times).flatMap { $0 }
        }
        func extended(_ id: UInt8, _ text: [UInt8]) -> [UInt8] {
            PeerMessage.extended(id: id, payload: text[...]).encoded()
        }
        return switch name {
        case "keepalive_flood": [UInt8](repeating: 0, count: 4_000)
        case "bitfield_short": PeerMessage.bitfield(Array(exact.dropLast())).encoded()
        case "bitfield_long": PeerMessage.bitfield(exact + [0]).encoded()
        case "bitfield_spare_bits_set": PeerMessage.bitfield(exact.dropLast() + [1]).encoded()
        case "bitfield_twice": repeated(PeerMessage.bitfield(exact).encoded(), 2)
        case "requests_10000_no_read": repeated(request, 10_000)
        case "requests_while_choked": PeerMessage.interested.encoded() + repeated(request, 300)
        case "ext_handshake_deep": extended(0, [UInt8](repeating: UInt8(ascii: "l"), count: 200_000))
        case "ut_pex_flood":
            extended(1, Array("d5:added3000:".utf8) + repeated([127, 0, 0, 1, 0x1a, 0xe1], 500) + Array("e".utf8))
        default: nil
        }
    }

    static func rows(_ moments: String...) -> [[String: String]] {
        let rows = (try? Conformance.rows("peer-wire")) ?? []
        return rows.filter { moments.contains($0["when"] ?? "") }
    }

    private static func bytes(of row: [String: String], _ torrent: MadeTorrent) throws -> (String, [UInt8]) {
        let name = row["name"] ?? ""
        return (name, try #require(built(name, torrent) ?? Hex.decode(row["hex"] ?? ""), "\(name) is not built"))
    }

    @Test(arguments: rows("handshake")) func badHandshakesAreClosedWithoutAByte(_ row: [String: String]) async throws {
        let torrent = try MadeTorrent()
        let (name, bytes) = try Self.bytes(of: row, torrent)
        var limits = EngineLimits.forTests
        limits.handshakeTimeout = .seconds(2)
        try await withEngine(limits: limits, torrents: [torrent]) { _, port in
            let peer = try await TestPeer.connect(port: port)
            // It may be closed before it has sent everything.
            try? await peer.send(bytes)
            #expect(try await peer.handshake() == nil, "\(name)")
            #expect(peer.received == 0)
            _ = try await TestPeer.join(torrent.hash, port: port)
        }
    }

    @Test(arguments: rows("after handshake", "after handshake, unchoked", "seeder"))
    func messagesComeToTheirOutcome(_ row: [String: String]) async throws {
        // 11 pieces, so that the bitfield has two bytes and spare bits.
        let torrent = try MadeTorrent(length: 700_000, pieceLength: 65_536)
        let (name, bytes) = try Self.bytes(of: row, torrent)
        let outcome = try #require(Self.outcomes[name], "\(name) has no outcome")
        var limits = EngineLimits.forTests
        let isChoked = name == "requests_while_choked"
        if isChoked { limits.uploadSlots = 0 }
        try await withEngine(limits: limits, torrents: [torrent]) { _, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            if !isChoked {
                try await peer.send(.interested)
                try #require(try await peer.first { $0 == .unchoke } != nil)
            }
            try? await peer.send(bytes)
            switch outcome {
            case .closed:
                let messages = try await peer.rest()
                #expect(!messages.contains { if case .piece = $0 { true } else { false } }, "\(name)")
            case .open: try await Self.expectService(peer, torrent, name)
            case .either: break
            }
            if !isChoked { try await Self.expectDownload(torrent, port: port) }
        }
    }

    @Test(arguments: rows("after handshake, then EOF")) func anAbruptEndIsNoHarm(_ row: [String: String]) async throws {
        let torrent = try MadeTorrent()
        let (_, bytes) = try Self.bytes(of: row, torrent)
        try await withEngine(torrents: [torrent]) { engine, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            try? await peer.send(bytes)
            try? await peer.close()
            try await eventually { await engine.statistics().connections == 0 }
            try await Self.expectDownload(torrent, port: port)
        }
    }

    /// 128 KiB may be served or rejected; all other impossible requests are rejected, each exactly once.
    @Test(
        arguments: rows("after handshake, unchoked", "after handshake").filter {
            ["request_piece_out_of_range", "request_len_zero", "request_len_2g", "request_offset_overflow"]
                .contains($0["name"] ?? "")
        }) func impossibleRequestsAreRejected(_ row: [String: String]) async throws
    {
        let torrent = try MadeTorrent()
        let (name, bytes) = try Self.bytes(of: row, torrent)
        try await withEngine(torrents: [torrent]) { _, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            try await peer.send(.interested)
            try #require(try await peer.first { $0 == .unchoke } != nil)
            try await peer.send(bytes)
            let asked = try PeerMessage(decoding: bytes.dropFirst(4))
            guard case .request(let request) = asked else {
                Issue.record("\(name) is no request")
                return
            }
            #expect(try await peer.first { if case .extended = $0 { false } else { true } } == .reject(request))
        }
    }

    @Test func metadataBlocksThatDoNotExistAreRejectedAndTheNextIsServed() async throws {
        guard let row = Self.rows("seeder").first(where: { $0["name"] == "ut_metadata_request_too_high" }) else {
            return
        }
        let torrent = try MadeTorrent()
        let (_, bytes) = try Self.bytes(of: row, torrent)
        try await withEngine(torrents: [torrent]) { _, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            let ours = ExtensionHandshake(messageIDs: ["ut_metadata": 4])
            try await peer.send(PeerMessage.extended(id: 0, payload: ours.encoded()[...]).encoded() + bytes)
            var answers: [MetadataMessage] = []
            while answers.count < 2 {
                guard
                    case .extended(4, let payload)? = try await peer.first(where: {
                        if case .extended(4, _) = $0 { true } else { false }
                    })
                else {
                    Issue.record("closed")
                    return
                }
                answers.append(try MetadataMessage(decoding: payload))
            }
            #expect(
                answers == [
                    .reject(piece: 1), .data(piece: 0, totalSize: torrent.info.count, block: torrent.info),
                ])
        }
    }

    /// The same connection still serves a block.
    private static func expectService(_ peer: TestPeer, _ torrent: MadeTorrent, _ name: String) async throws {
        let request = BlockRequest(piece: PieceIndex(1), begin: 4, length: 1_000)
        try await peer.send(.request(request))
        let block = try await peer.first { if case .piece(PieceIndex(1), begin: 4, _) = $0 { true } else { false } }
        guard case .piece(_, _, let data)? = block else {
            Issue.record("\(name): closed")
            return
        }
        #expect(data.elementsEqual(torrent.bytes[65_540..<66_540]), "\(name)")
    }

    private static func expectDownload(_ torrent: MadeTorrent, port: Int) async throws {
        let leecher = TestLeecher(peer: try await TestPeer.join(torrent.hash, port: port), layout: torrent.layout)
        try await leecher.begin()
        #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
    }
}

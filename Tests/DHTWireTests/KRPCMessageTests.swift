import ByteCoding
import DHTWire
import Metainfo
import TestSupport
import Testing

@Suite struct KRPCMessageTests {
    private let sender = NodeID(0x6162_6162_6162_6162, 0x6162_6162_6162_6162, 0x6162_6162)

    private func decoded(_ text: String) throws -> KRPCMessage { try KRPCMessage.decode(Array(text.utf8)) }

    private func refusal(_ text: String) -> KRPCError? {
        do {
            _ = try KRPCMessage.decode(Array(text.utf8))
        } catch {
            if case .refused(_, let error) = error { return error }
        }
        return nil
    }

    @Test func theExamplesOfBEP5() throws {
        let id = try #require(NodeID(bytes: "abcdefghij0123456789".utf8))
        let other = try #require(NodeID(bytes: "mnopqrstuvwxyz123456".utf8))
        let hash = try #require(InfoHash(bytes: "mnopqrstuvwxyz123456".utf8))
        let examples: [(String, KRPCMessage.Body)] = [
            ("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", .query(sender: id, .ping)),
            ("d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re", .response(DHTResponse(id: other))),
            (
                "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe",
                .query(sender: id, .findNode(target: other))
            ),
            (
                "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe",
                .query(sender: id, .getPeers(hash))
            ),
            (
                "d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re",
                .response(
                    DHTResponse(
                        id: id, token: Array("aoeusnth".utf8),
                        values: ["axje.u", "idhtnm"].compactMap { Endpoint(compact: $0.utf8) }))
            ),
            (
                "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
                .error(KRPCError(code: 201, message: "A Generic Error Ocurred"))
            ),
        ]
        for (text, body) in examples {
            let message = KRPCMessage(transactionID: Array("aa".utf8), body: body)
            #expect(try decoded(text) == message)
            #expect(String(decoding: message.encoded(), as: UTF8.self) == text)
        }
    }

    @Test func announcesWithAndWithoutAPort() throws {
        let head = "d1:ad2:id20:abababababababababab12:implied_porti"
        let tail = "e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe"
        guard case .query(_, .announcePeer(let implied)) = try decoded(head + "1" + tail).body,
            case .query(_, .announcePeer(let given)) = try decoded(head + "0" + tail).body
        else {
            Issue.record("no announce")
            return
        }
        #expect(implied.port == nil)
        #expect(given.port == 6881)
        #expect(given.token == Array("aoeusnth".utf8))
    }

    @Test(arguments: [
        ("d1:ad2:id20:ababababababababababe1:q9:find_node1:t2:aa1:y1:qe", 203),
        ("d1:ad2:id19:abababababababababae1:q4:ping1:t2:aa1:y1:qe", 203),
        ("d1:ade1:q4:ping1:t2:aa1:y1:qe", 203),
        ("d1:q4:ping1:t2:aa1:y1:qe", 203),
        ("d1:ad2:id20:ababababababababababe1:t2:aa1:y1:qe", 203),
        ("d1:ad2:id20:ababababababababababe1:q4:vote1:t2:aa1:y1:qe", 204),
        ("d1:ad2:id20:abababababababababab9:info_hash2:aae1:q9:get_peers1:t2:aa1:y1:qe", 203),
        (
            "d1:ad2:id20:abababababababababab9:info_hash20:mnopqrstuvwxyz1234565:token1:ae1:q13:announce_peer1:t2:aa1:y1:qe",
            203
        ),
        (
            "d1:ad2:id20:abababababababababab9:info_hash20:mnopqrstuvwxyz1234564:porti0e5:token1:ae1:q13:announce_peer1:t2:aa1:y1:qe",
            203
        ),
        (
            "d1:ad2:id20:abababababababababab9:info_hash20:mnopqrstuvwxyz1234564:porti65536e5:token1:ae1:q13:announce_peer1:t2:aa1:y1:qe",
            203
        ),
        (
            "d1:ad2:id20:abababababababababab9:info_hash20:mnopqrstuvwxyz1234564:porti1ee1:q13:announce_peer1:t2:aa1:y1:qe",
            203
        ),
    ])
    func aBrokenQueryIsRefusedToItsSender(text: String, code: Int64) {
        #expect(refusal(text)?.code == code)
    }

    @Test(arguments: [
        "", "d", "de", "i5e", "le", "d1:t2:aae", "d1:t0:1:y1:qe", "d1:t2:aa1:y1:ze", "d1:y1:q1:q4:pinge",
        "d1:rd2:id19:abababababababababae1:t2:aa1:y1:re", "d1:t2:aa1:y1:re", "d1:rle1:t2:aa1:y1:re",
        "d1:t33:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1:y1:qe",
        "d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:rex",
    ])
    func whatIsNoMessageIsMetWithSilence(text: String) {
        #expect(throws: KRPCDecodingError.notAMessage) { try decoded(text) }
    }

    @Test func keysInAnyOrderAreRead() throws {
        let message = try decoded("d1:y1:q1:t2:zz1:q4:ping1:ad2:id20:ababababababababababee")
        #expect(message.body == .query(sender: sender, .ping))
        #expect(message.transactionID == Array("zz".utf8))
    }

    @Test func everythingSurvivesTheWay() throws {
        let v4 = try #require(Endpoint("8.9.10.11:1234")), v6 = try #require(Endpoint("[2a00::1]:4321"))
        let hash = try #require(InfoHash(bytes: Array(UInt8(1)...20)))
        let bodies: [KRPCMessage.Body] = [
            .query(sender: sender, .ping),
            .query(sender: sender, .findNode(target: NodeID(1, 2, 3), want: .both)),
            .query(sender: sender, .getPeers(hash, want: .ipv6, noSeeds: true)),
            .query(
                sender: sender, .announcePeer(DHTAnnounce(infoHash: hash, port: 9, token: [1, 0, 255], isSeed: true))),
            .query(sender: sender, .announcePeer(DHTAnnounce(infoHash: hash, port: nil, token: [7]))),
            .response(
                DHTResponse(
                    id: sender, nodes: [NodeContact(id: NodeID(1, 2, 3), endpoint: v4)],
                    nodes6: [NodeContact(id: NodeID(4, 5, 6), endpoint: v6)], token: [9, 9], values: [v4, v6])),
            .error(.badToken),
        ]
        for body in bodies {
            var message = KRPCMessage(transactionID: [0, 255, 3, 4], body: body, version: [82, 83, 0, 1])
            if case .query = body { message.isReadOnly = true } else { message.receiver = v6 }
            #expect(try KRPCMessage.decode(message.encoded()) == message)
        }
    }

    @Test func whatIsReadOfAnAnswerIsBounded() throws {
        let many = (0..<60).map { NodeContact(id: sender, endpoint: Endpoint(address: IPAddress(v4: $0), port: 1)) }
        let message = KRPCMessage(transactionID: [1], body: .response(DHTResponse(id: sender, nodes: many)))
        guard case .response(let response) = try KRPCMessage.decode(message.encoded()).body else {
            Issue.record("no response")
            return
        }
        #expect(response.nodes == Array(many.prefix(KRPCMessage.maximumNodes)))
        #expect(throws: KRPCDecodingError.notAMessage) {
            try KRPCMessage.decode([UInt8](repeating: UInt8(ascii: "d"), count: KRPCMessage.maximumByteCount + 1))
        }
        let nested = Array("d1:t1:a1:x".utf8) + [UInt8](repeating: UInt8(ascii: "l"), count: 1_500)
        #expect(throws: KRPCDecodingError.notAMessage) { try KRPCMessage.decode(nested) }
    }

    @Test func leftoversOfACompactListAreIgnored() {
        let bytes = [UInt8](repeating: 5, count: 26 * 2 + 25)
        #expect(NodeContact.list(compact: bytes, isIPv4: true, limit: 8).count == 2)
        #expect(NodeContact.list(compact: bytes, isIPv4: false, limit: 8).count == 2)
        #expect(NodeContact.list(compact: bytes, isIPv4: true, limit: 1).count == 1)
    }
}

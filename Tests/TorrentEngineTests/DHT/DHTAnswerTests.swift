import ByteCoding
import DHTWire
import Dialling
import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

/// What strangers get from us.
@Suite struct DHTAnswerTests {
    private let asker = NodeID(0x6162_6162_6162_6162, 0x6162_6162_6162_6162, 0x6162_6162)

    private func hash(_ number: UInt8 = 1) throws -> InfoHash {
        try #require(InfoHash(bytes: [UInt8](repeating: number, count: 20)))
    }

    /// A node that knows some others.
    private func populated(_ count: Int = 30) -> LoneNode {
        var node = LoneNode()
        for number in 0..<count {
            node.know(.node(1_000 + number), sharing: number % 12, number)
        }
        return node
    }

    private func response(_ messages: [KRPCMessage]) -> DHTResponse? {
        if case .response(let response)? = messages.first?.body { response } else { nil }
    }

    private func error(_ messages: [KRPCMessage]) -> KRPCError? {
        if case .error(let error)? = messages.first?.body { error } else { nil }
    }

    @Test func everyRowOfTheBrokenPackets() throws {
        for row in try Conformance.rows("dht-vectors", file: "krpc-bad.tsv") {
            let text = try #require(row["hex_or_text"]), want = try #require(row["want"])
            var node = populated()
            let before = node.core.families[.ipv4]?.table.count
            let answers = node.receive(Array(text.utf8), from: .node(1))
            #expect(answers.count <= 1, "\(text)")
            #expect(node.core.families[.ipv4]?.table.count == before, "\(text)")
            #expect(node.core.store.peerCount == 0, "\(text)")
            switch want {
            case _ where want.hasPrefix("reply: r with id"):
                #expect(response(answers) == DHTResponse(id: node.id))
                #expect(answers.first?.transactionID == Array("aa".utf8))
            case _ where want.hasPrefix("r with id and nodes"):
                let nodes = try #require(response(answers)?.nodes)
                #expect((1...8).contains(nodes.count))
            case _ where want.hasPrefix("error 203"): #expect(error(answers)?.code == 203, "\(text)")
            default: #expect(answers.isEmpty, "\(text)")
            }
            // A broken id brings nobody to be asked either.
            if want.contains("node not added") {
                _ = node.tick(after: 10)
                #expect(node.sent.count { $0.to == .node(1) } == answers.count)
            }
        }
    }

    @Test func anAnnounceNeedsATokenOfThatVeryAddress() throws {
        var node = populated()
        let hash = try hash()
        let token = try #require(response(node.receive(.query(sender: asker, .getPeers(hash)), from: .node(1)))?.token)
        let announce = KRPCMessage.Body.query(
            sender: asker, .announcePeer(DHTAnnounce(infoHash: hash, port: 5_000, token: token)))
        #expect(error(node.receive(announce, from: .node(2)))?.code == 203)
        #expect(node.core.store.peerCount == 0)
        #expect(response(node.receive(announce, from: .node(1, port: 9_000)))?.id == node.id)
        // Whatever is said, the peer is at the address the packet came from.
        let values = response(node.receive(.query(sender: asker, .getPeers(hash)), from: .node(3)))?.values
        #expect(values == [.node(1, port: 5_000)])
        // Eleven minutes later the token is worth nothing.
        node.act(after: 330_000) { _, _ in }
        node.act(after: 660_000) { _, _ in }
        #expect(error(node.receive(announce, from: .node(1), after: 660_001))?.code == 203)
    }

    @Test func anImpliedPortIsThatOfThePacket() throws {
        var node = populated()
        let hash = try hash()
        let token = try #require(response(node.receive(.query(sender: asker, .getPeers(hash)), from: .node(1)))?.token)
        node.receive(
            .query(sender: asker, .announcePeer(DHTAnnounce(infoHash: hash, port: nil, token: token))),
            from: .node(1, port: 40_404))
        let values = response(node.receive(.query(sender: asker, .getPeers(hash)), from: .node(3)))?.values
        #expect(values == [.node(1, port: 40_404)])
    }

    @Test func aPortOfServicesIsNoPeer() throws {
        var node = populated()
        let hash = try hash()
        let token = try #require(response(node.receive(.query(sender: asker, .getPeers(hash)), from: .node(1)))?.token)
        let announce = DHTAnnounce(infoHash: hash, port: 25, token: token)
        #expect(error(node.receive(.query(sender: asker, .announcePeer(announce)), from: .node(1)))?.code == 203)
        #expect(node.core.store.peerCount == 0)
    }

    /// T11.
    @Test(arguments: [true, false])
    func anAnswerHasAHundredPeersAtMostAndFitsOnePacket(isIPv4: Bool) throws {
        var node = LoneNode(families: [.ipv4, .ipv6])
        let hash = try hash()
        for number in 0..<400 {
            let v6 = IPAddress(high: 0x2a00_0000_0000_0000 + UInt64(number) << 16, low: 1)
            let peer = isIPv4 ? Endpoint.node(number) : Endpoint(address: v6, port: 6881)
            node.core.store.add(peer, to: hash, isSeed: false, now: node.start)
            node.know(peer, sharing: number % 40, number)
        }
        let source = isIPv4 ? Endpoint.node(9_000) : try #require(Endpoint("[2a01::1]:6881"))
        let answers = node.receive(.query(sender: asker, .getPeers(hash, want: .both)), from: source)
        let values = try #require(response(answers)?.values)
        #expect(values.count <= 100 && values.count >= (isIPv4 ? 90 : 35))
        #expect(values.allSatisfy { $0.address.isIPv4 == isIPv4 })
        #expect(node.sent.allSatisfy { $0.bytes <= 1_400 })
        #expect(response(answers)?.nodes != nil && response(answers)?.nodes6 != nil)
    }

    /// T11.
    @Test func aHundredPingsASecondFromOneAddressGetFiveAnswers() {
        var node = LoneNode()
        var answers = 0
        for number in 0..<2_000 {
            answers += node.receive(.query(sender: asker, .ping), from: .node(1), after: number * 10).count
        }
        #expect((95...105).contains(answers))
    }

    /// T12.
    @Test func aFloodFromForgedAddressesCostsNoMoreThanTheLimit() {
        var node = populated()
        let query = KRPCMessage(transactionID: [1, 1], body: .query(sender: asker, .findNode(target: asker))).encoded()
        for number in 0..<10_000 {
            node.receive(query, from: .node(20_000 + number), after: number)
            if number % 50 == 0 { _ = node.tick(after: number) }
        }
        #expect(node.core.counts.sentBytes <= 8_000 * 11)
        #expect(node.core.counts.sentBytes >= 8_000 * 8)
    }

    @Test func nothingIsSentToWhatIsNoSource() throws {
        var node = populated()
        let ping = KRPCMessage.Body.query(sender: asker, .ping)
        #expect(node.receive(ping, from: .node(1, port: 0)).isEmpty)
        #expect(node.receive(ping, from: try #require(Endpoint("224.0.0.1:6881"))).isEmpty)
        #expect(node.receive(ping, from: try #require(Endpoint("[2a00::1]:6881"))).isEmpty)
        #expect(node.receive(.query(sender: node.id, .ping), from: .node(1)).isEmpty)
        #expect(node.receive([UInt8](repeating: 100, count: 3_000), from: .node(1)).isEmpty)
    }

    @Test func aNodeThatAsksOnlyAnswersNobody() {
        var node = LoneNode(isReadOnly: true)
        #expect(node.receive(.query(sender: asker, .ping), from: .node(1)).isEmpty)
        #expect(node.receive(Array("d1:ade1:q4:ping1:t2:aa1:y1:qe".utf8), from: .node(1)).isEmpty)
        let sent = node.act { core, now in core.addEntryPoints([.node(2)], now: now) }
        #expect(sent.count == 1 && sent.allSatisfy(\.isReadOnly))
    }

    @Test func oneThatAsksIsAskedBeforeItIsKept() {
        var node = LoneNode()
        node.receive(.query(sender: asker, .ping), from: .node(1))
        #expect(node.core.families[.ipv4]?.table.count == 0)
        let asked = node.tick(after: 10)
        #expect(asked.map(\.body) == [.query(sender: node.id, .ping)])
        node.answerAll({ _ in asker }, after: 20)
        #expect(node.core.families[.ipv4]?.table.contact(at: .node(1))?.id == asker)
    }

    @Test func oneThatOnlyAsksIsNotKept() {
        var node = LoneNode()
        let ping = KRPCMessage(transactionID: [1], body: .query(sender: asker, .ping), isReadOnly: true)
        #expect(node.receive(ping.encoded(), from: .node(1)).count == 1)
        #expect(node.tick(after: 10).isEmpty)
    }

    @Test func addressesOfOurNetworkAreHandedToOurNetworkOnly() throws {
        var node = LoneNode()
        let inside = try #require(Endpoint("192.168.7.7:6881")), hash = try hash()
        node.know(inside, sharing: 3)
        node.core.store.add(inside, to: hash, isSeed: false, now: node.start)
        let outward = response(node.receive(.query(sender: asker, .getPeers(hash)), from: .node(1)))
        #expect(outward?.nodes == [] && outward?.values == [])
        let inward = response(
            node.receive(.query(sender: asker, .getPeers(hash)), from: try #require(Endpoint("192.168.7.8:6881"))))
        #expect(inward?.nodes?.count == 1 && inward?.values == [inside])
    }

    @Test func seedsAreLeftOutOnDemand() throws {
        var node = LoneNode()
        let hash = try hash()
        node.core.store.add(.node(5), to: hash, isSeed: true, now: node.start)
        node.core.store.add(.node(6), to: hash, isSeed: false, now: node.start)
        let answers = node.receive(.query(sender: asker, .getPeers(hash, noSeeds: true)), from: .node(1))
        #expect(response(answers)?.values == [.node(6)])
    }

    @Test func anAnswerSaysWhereItsReceiverIs() {
        var node = LoneNode()
        let answers = node.receive(.query(sender: asker, .ping), from: .node(1))
        #expect(answers.first?.receiver == .node(1))
    }
}

import ByteCoding
import DHTWire
import Dialling
import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

/// What we ask, and what we believe of the answers.
@Suite struct DHTQuestionTests {
    private func hash() throws -> InfoHash { try #require(InfoHash(bytes: [UInt8](repeating: 9, count: 20))) }

    private func id(_ endpoint: Endpoint) -> NodeID {
        NodeID(UInt64(endpoint.address.v4Bits ?? 1) &* 0x9e37_79b9_7f4a_7c15, UInt64(endpoint.port), 5)
    }

    /// A node that knows one other.
    private func joined(_ entry: Endpoint = .node(1)) -> LoneNode {
        var node = LoneNode()
        node.act { core, now in core.addEntryPoints([entry], now: now) }
        node.answerAll(id, after: 10)
        _ = node.tick(after: 20)
        return node
    }

    @Test func anAnswerCountsOnlyFromTheAddressThatWasAsked() {
        var node = LoneNode()
        let asked = node.act { core, now in core.addEntryPoints([.node(1)], now: now) }
        let number = asked.first?.transactionID ?? []
        #expect(number.count == 4)
        let answer = KRPCMessage.Body.response(DHTResponse(id: id(.node(1))))
        node.receive(answer, number, from: .node(1, port: 6_882), after: 5)
        node.receive(answer, number, from: .node(2), after: 5)
        node.receive(answer, [0, 0, 0, 1], from: .node(1), after: 5)
        #expect(node.core.families[.ipv4]?.table.count == 0)
        node.receive(answer, number, from: .node(1), after: 6)
        #expect(node.core.families[.ipv4]?.table.count == 1)
        // And only once.
        node.receive(.response(DHTResponse(id: id(.node(3)))), number, from: .node(1), after: 7)
        #expect(node.core.families[.ipv4]?.table.nodes.map(\.contact.id) == [id(.node(1))])
    }

    @Test func aNodeOnTheInternetCannotSendUsIntoOurNetwork() throws {
        var node = joined()
        let hash = try hash()
        node.act(after: 100) { $0.listen(to: hash, now: $1) }
        let inside = try [
            "127.0.0.1:6881", "10.0.0.1:6881", "192.168.1.1:53", "21.0.9.5:53", "21.0.9.5:0", "0.0.0.0:6881",
        ]
        .map { try #require(Endpoint($0)) }
        node.answerAll(
            id, nodes: inside.map { NodeContact(id: id($0), endpoint: $0) }, values: inside + [.node(8, port: 2_000)],
            after: 110)
        for step in 0..<20 { _ = node.tick(after: 200 + step * 100) }
        #expect(node.sent.allSatisfy { $0.to.address.scope == .public && $0.to.port >= 1_024 })
        #expect(node.found == [.node(8, port: 2_000)])
    }

    @Test func aNodeInOurNetworkMayNameOthersThere() throws {
        let entry = try #require(Endpoint("127.0.0.1:6001")), other = try #require(Endpoint("127.0.0.1:6002"))
        var node = LoneNode()
        node.act { core, now in core.addEntryPoints([entry], now: now) }
        node.answerAll(id, nodes: [NodeContact(id: id(other), endpoint: other)], after: 10)
        _ = node.tick(after: 60)
        #expect(node.sent.contains { $0.to == other })
    }

    @Test func aSearchAsksAndThenAnnouncesWithTheTokensItGot() throws {
        var node = joined()
        let hash = try hash()
        node.act(after: 100) { $0.announce(hash, port: 6_900, isSeed: true, now: $1) }
        node.answerAll(id, after: 110)
        _ = node.tick(after: 200)
        let announces = node.sent.compactMap { sent -> DHTAnnounce? in
            if case .query(_, .announcePeer(let announce)) = sent.message.body { announce } else { nil }
        }
        #expect(announces == [DHTAnnounce(infoHash: hash, port: 6_900, token: [1, 2, 3, 4], isSeed: true)])
    }

    @Test func questionsToOneAddressAreSpaced() throws {
        var node = joined()
        for number in UInt8(0)..<60 {
            let hash = try #require(InfoHash(bytes: [UInt8](repeating: number, count: 20)))
            node.act(after: 100) { $0.listen(to: hash, now: $1) }
        }
        let before = node.core.counts.asked
        for step in 0..<100 {
            _ = node.tick(after: 100 + step * 100)
            node.answerAll(id, after: 100 + step * 100 + 10)
        }
        #expect(node.core.counts.asked - before <= 4 * 11)
        #expect(node.core.counts.asked - before >= 30)
    }

    @Test func weDoNotKeepOurselves() {
        var node = LoneNode()
        node.act { core, now in core.addEntryPoints([.node(1)], now: now) }
        let own = node.id
        node.answerAll({ _ in own }, after: 10)
        #expect(node.core.families[.ipv4]?.table.count == 0)
        #expect(node.core.entryPoints.isEmpty)
    }

    @Test func whoeverIsNamedTooOftenIsAskedOnceAMinute() {
        var node = LoneNode()
        for _ in 0..<100 { node.act(after: 10) { core, _ in core.consider(.node(3), namedFrom: .public) } }
        #expect(node.core.counts.asked == 1)
    }

    @Test func joiningIsTriedAgainWhenNobodyAnswered() {
        var node = LoneNode()
        node.act { core, now in core.addEntryPoints([.node(1)], now: now) }
        for second in 1..<60 { _ = node.tick(after: second * 1_000) }
        #expect(node.core.counts.asked >= 4)
        #expect(node.core.counts.unanswered >= 3)
    }

    @Test func savedNodesAndIDsAreUsed() {
        var saved = DHTState()
        saved.ids = [.ipv4: NodeID(1, 2, 3)]
        saved.nodes = [NodeContact(id: NodeID(5, 5, 5), endpoint: .node(4))]
        var generator = SplitMix64(seed: 1)
        var core = DHTCore(
            configuration: DHTConfiguration(), families: [.ipv4], saved: saved,
            random: DHTRandom { generator.next() }, now: .now)
        #expect(core.families[.ipv4]?.table.id == NodeID(1, 2, 3))
        core.tick(now: .now)
        let targets = core.takeActions().compactMap { action -> Endpoint? in
            if case .send(_, let endpoint) = action { endpoint } else { nil }
        }
        #expect(targets == [.node(4)])
    }

    /// Whatever comes in, nothing traps, tables stay bounded and every answer is short.
    @Test func noiseAndBrokenAnswersDoNoHarm() throws {
        var generator = SplitMix64(seed: 77)
        var node = joined()
        let hash = try hash()
        node.act(after: 50) { $0.announce(hash, port: 7_000, isSeed: false, now: $1) }
        for round in 0..<3_000 {
            let after = 100 + round * 20
            let source = Endpoint.node(Int.random(in: 0..<40, using: &generator))
            var packet = node.sent.randomElement(using: &generator)?.message.encoded() ?? []
            if Bool.random(using: &generator), let asked = node.sent.suffix(20).randomElement(using: &generator) {
                var response = DHTResponse(id: NodeID(generator.next(), generator.next(), 1), token: [1])
                response.nodes = (0..<20).map { _ in
                    NodeContact(
                        id: NodeID(generator.next(), 1, 1),
                        endpoint: .node(Int.random(in: 0..<5_000, using: &generator)))
                }
                response.values = [.node(Int.random(in: 0..<5_000, using: &generator))]
                packet = KRPCMessage(transactionID: asked.message.transactionID, body: .response(response)).encoded()
                if Bool.random(using: &generator) {
                    node.receive(packet, from: asked.to, after: after)
                    continue
                }
            }
            if !packet.isEmpty {
                packet[Int.random(in: 0..<packet.count, using: &generator)] = UInt8(truncatingIfNeeded: round)
            }
            node.receive(packet, from: source, after: after)
            if round % 5 == 0 { _ = node.tick(after: after) }
        }
        #expect(node.sent.allSatisfy { $0.bytes <= 1_400 })
        #expect(node.core.searches.count <= 10)
        #expect(node.core.counts.sentBytes <= 8_000 * 62)
    }
}

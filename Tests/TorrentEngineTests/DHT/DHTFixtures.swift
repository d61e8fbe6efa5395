import ByteCoding
import DHTWire
import Dialling
import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

/// A node under test, with what it sent.
struct LoneNode {
    let start = ContinuousClock.now
    var core: DHTCore
    private(set) var sent: [(message: KRPCMessage, bytes: Int, to: Endpoint)] = []
    private(set) var found: Set<Endpoint> = []

    init(seed: UInt64 = 1, families: Set<DialFamily> = [.ipv4], isReadOnly: Bool = false, rules: DialRules = .peers) {
        var generator = SplitMix64(seed: seed)
        core = DHTCore(
            configuration: DHTConfiguration(rules: rules, isReadOnly: isReadOnly), families: families,
            random: DHTRandom { generator.next() }, now: start)
    }

    var id: NodeID { core.families[.ipv4]?.table.id ?? NodeID(0, 0, 0) }

    /// Hands a datagram in and returns what is sent because of it.
    @discardableResult
    mutating func receive(_ packet: [UInt8], from source: Endpoint, after milliseconds: Int = 0) -> [KRPCMessage] {
        core.receive(packet, from: source, now: start + .milliseconds(milliseconds))
        return collect()
    }

    @discardableResult
    mutating func receive(
        _ body: KRPCMessage.Body, _ transactionID: [UInt8] = [7, 7], from source: Endpoint, after: Int = 0
    )
        -> [KRPCMessage]
    {
        receive(KRPCMessage(transactionID: transactionID, body: body).encoded(), from: source, after: after)
    }

    /// A node that has answered us before: its id shares `bits` bits with ours.
    mutating func know(_ endpoint: Endpoint, sharing bits: Int, _ number: Int = 0) {
        let family = DialFamily(of: endpoint.address)
        let contact = NodeContact(id: id.near(bits, UInt32(number)), endpoint: endpoint)
        let now = start
        core.families[family]?.table.answered(contact, now: now)
    }

    @discardableResult
    mutating func act(after milliseconds: Int = 0, _ body: (inout DHTCore, ContinuousClock.Instant) -> Void)
        -> [KRPCMessage]
    {
        let now = start + .milliseconds(milliseconds)
        body(&core, now)
        core.tick(now: now)
        return collect()
    }

    mutating func tick(after milliseconds: Int) -> [KRPCMessage] { act(after: milliseconds) { _, _ in } }

    /// Answers the questions put so far as the node `id` at each address would.
    mutating func answerAll(
        _ id: (Endpoint) -> NodeID, nodes: [NodeContact] = [], values: [Endpoint] = [], after: Int = 0
    ) {
        for (message, _, endpoint) in sent {
            guard case .query(_, let query) = message.body else { continue }
            var response = DHTResponse(id: id(endpoint), nodes: nodes)
            if case .getPeers = query {
                response.values = values
                response.token = [1, 2, 3, 4]
            }
            receive(.response(response), message.transactionID, from: endpoint, after: after)
        }
    }

    private mutating func collect() -> [KRPCMessage] {
        var messages: [KRPCMessage] = []
        for action in core.takeActions() {
            switch action {
            case .send(let packet, let endpoint):
                guard let message = try? KRPCMessage.decode(packet) else {
                    Issue.record("sent what is no message")
                    continue
                }
                messages.append(message)
                sent.append((message, packet.count, endpoint))
            case .found(_, let peers): found.formUnion(peers)
            }
        }
        return messages
    }
}

extension NodeID {
    /// An id that shares `bits` leading bits with this one; `number` tells several apart.
    func near(_ bits: Int, _ number: UInt32 = 0) -> NodeID {
        neighbour(sharing: bits, random: NodeID(UInt64(number) &* 0x9e37_79b9_7f4a_7c15, UInt64(number), number))
    }
}

extension Endpoint {
    /// A public address in a network of its own.
    static func node(_ number: Int, port: UInt16 = 6881) -> Endpoint {
        Endpoint(address: IPAddress(v4: 0x1500_0005 + UInt32(number) << 8), port: port)
    }
}

import ByteCoding
import DHTWire
import Dialling
import Metainfo
import TestSupport

@testable import TorrentEngine

/// A network of nodes in virtual time: datagrams take a while, some are lost, nodes come and go, and some lie. The same
/// seed gives the same run.
struct VirtualDHT {
    enum Member {
        case honest(DHTCore)
        case liar(Liar)
    }

    private struct Event: Comparable {
        let time: Int
        let number: Int
        let kind: Kind

        enum Kind {
            case packet([UInt8], from: Endpoint, to: Endpoint)
            case tick(Endpoint)
        }

        static func < (left: Event, right: Event) -> Bool { (left.time, left.number) < (right.time, right.number) }
        static func == (left: Event, right: Event) -> Bool { left.number == right.number }
    }

    let start = ContinuousClock.now
    /// Virtual milliseconds.
    private(set) var time = 0
    var generator: SplitMix64
    var members: [Endpoint: Member] = [:]
    /// What each node has found.
    var found: [Endpoint: [InfoHash: Set<Endpoint>]] = [:]
    /// Of a thousand datagrams so many are lost.
    var lossPerMille = 20
    /// Bytes each node has sent.
    private(set) var sent: [Endpoint: Int] = [:]
    private(set) var longestPacket = 0
    private var events: [Event] = []
    private var numbers = 0

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    var now: ContinuousClock.Instant { start + .milliseconds(time) }

    /// Endpoints of honest nodes, in a fixed order.
    var honest: [Endpoint] {
        members.compactMap { if case .honest = $0.value { $0.key } else { nil } }
            .sorted { $0.description < $1.description }
    }

    /// A node at an address of its own; every network has one.
    mutating func join(
        _ endpoint: Endpoint, entry: [Endpoint], limits: DHTLimits = DHTLimits(), isReadOnly: Bool = false
    ) {
        var configuration = DHTConfiguration()
        configuration.limits = limits
        configuration.isReadOnly = isReadOnly
        var own = SplitMix64(seed: generator.next())
        var core = DHTCore(
            configuration: configuration, families: [DialFamily(of: endpoint.address)],
            random: DHTRandom { own.next() }, now: now)
        core.addEntryPoints(entry, now: now)
        members[endpoint] = .honest(core)
        schedule(.tick(endpoint), in: Int.random(in: 0..<500, using: &generator))
    }

    mutating func addLiar(_ endpoint: Endpoint) { members[endpoint] = .liar(Liar(endpoint: endpoint)) }

    /// A node dies without a word.
    mutating func kill(_ endpoint: Endpoint) { members[endpoint] = nil }

    /// Lets one node do something, at once.
    mutating func act(_ endpoint: Endpoint, _ body: (inout DHTCore, ContinuousClock.Instant) -> Void) {
        guard case .honest(var core)? = members.removeValue(forKey: endpoint) else { return }
        body(&core, now)
        let actions = core.takeActions()
        members[endpoint] = .honest(core)
        for action in actions { perform(action, of: endpoint) }
    }

    func core(_ endpoint: Endpoint) -> DHTCore? {
        if case .honest(let core)? = members[endpoint] { core } else { nil }
    }

    /// Lets virtual time pass.
    mutating func run(seconds: Int) {
        let end = time + seconds * 1_000
        while let next = events.first, next.time <= end {
            removeFirst()
            time = max(time, next.time)
            handle(next.kind)
        }
        time = end
    }

    /// Puts a datagram on its way.
    mutating func send(_ packet: [UInt8], from source: Endpoint, to target: Endpoint) {
        sent[source, default: 0] += packet.count
        longestPacket = max(longestPacket, packet.count)
        guard Int.random(in: 0..<1_000, using: &generator) >= lossPerMille else { return }
        schedule(.packet(packet, from: source, to: target), in: Int.random(in: 15...150, using: &generator))
    }

    private mutating func handle(_ kind: Event.Kind) {
        switch kind {
        case .tick(let endpoint):
            guard case .honest? = members[endpoint] else { return }
            act(endpoint) { $0.tick(now: $1) }
            let interval = (core(endpoint)?.tickInterval ?? .seconds(1)) / .milliseconds(1)
            schedule(.tick(endpoint), in: Int(interval))
        case .packet(let packet, let source, let target):
            switch members[target] {
            case .honest?: act(target) { $0.receive(packet, from: source, now: $1) }
            case .liar(let liar)?:
                for (answer, to) in liar.answers(to: packet, from: source, random: &generator) {
                    send(answer, from: target, to: to)
                }
            case nil: break
            }
        }
    }

    private mutating func perform(_ action: DHTAction, of endpoint: Endpoint) {
        switch action {
        case .send(let packet, let target): send(packet, from: endpoint, to: target)
        case .found(let hash, let peers): found[endpoint, default: [:]][hash, default: []].formUnion(peers)
        }
    }

    private mutating func schedule(_ kind: Event.Kind, in milliseconds: Int) {
        numbers += 1
        let event = Event(time: time + max(1, milliseconds), number: numbers, kind: kind)
        events.append(event)
        var child = events.count - 1
        while child > 0, events[child] < events[(child - 1) / 2] {
            events.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func removeFirst() {
        events.swapAt(0, events.count - 1)
        events.removeLast()
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < events.count }
            guard let least = children.min(by: { events[$0] < events[$1] }), events[least] < events[parent] else {
                return
            }
            events.swapAt(parent, least)
            parent = least
        }
    }
}

/// A node that claims to sit wherever one looks, names nodes that are none, and peers inside the asker's own network.
struct Liar {
    let endpoint: Endpoint

    func answers(to packet: [UInt8], from source: Endpoint, random: inout SplitMix64) -> [([UInt8], Endpoint)] {
        guard let message = try? KRPCMessage.decode(packet), case .query(_, let query) = message.body else { return [] }
        let target: NodeID
        switch query {
        case .ping, .announcePeer: target = NodeID(random.next(), random.next(), 1)
        case .findNode(let wanted, _): target = wanted
        case .getPeers(let hash, _, _): target = NodeID(hash)
        }
        var response = DHTResponse(id: near(target, &random))
        response.nodes = (0..<8).map { _ in
            let address = IPAddress(v4: UInt32.random(in: 0x2000_0000...0x2fff_ffff, using: &random))
            return NodeContact(id: near(target, &random), endpoint: Endpoint(address: address, port: 6881))
        }
        response.nodes?.append(
            NodeContact(id: near(target, &random), endpoint: Endpoint(address: Self.inside, port: 6881)))
        if case .getPeers = query {
            response.token = [1, 2, 3]
            response.values = [Endpoint(address: Self.inside, port: 5432)]
        }
        var answer = KRPCMessage(transactionID: message.transactionID, body: .response(response))
        // All liars agree on a wrong address of the asker.
        answer.receiver = Endpoint(address: IPAddress(v4: 0x0909_0909), port: source.port)
        var guessed = answer
        guessed.transactionID = [0, 0, 0, UInt8.random(in: 0...255, using: &random)]
        return [(answer.encoded(), source), (guessed.encoded(), source)]
    }

    static let inside = IPAddress(v4: 0xc0a8_0001)

    private func near(_ target: NodeID, _ random: inout SplitMix64) -> NodeID {
        target.distance(to: NodeID(0, 0, UInt32(truncatingIfNeeded: random.next())))
    }
}

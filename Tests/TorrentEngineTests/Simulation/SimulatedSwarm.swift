import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// A swarm in one thread and virtual time: the same seed makes the same run.
final class SimulatedSwarm {
    let layout: PieceLayout
    let seed: UInt64
    /// The hash of each block is known (BEP 52), not only the piece's.
    let knowsBlocks: Bool
    let limits: EngineLimits
    /// Connections a node looks for.
    let degree: Int
    var nodes: [SimulatedNode] = []
    var badPieces = 0
    private(set) var elapsed: Duration = .zero
    private(set) var second = 0
    private(set) var violations: [String] = []
    /// A digest of all that happened.
    private(set) var trace: UInt64 = 14_695_981_039_346_656_037

    private let start = ContinuousClock.now
    private var events = EventQueue()
    private var random: SeededRandom
    private var ends: [PeerNumber: (SimulatedNode, SimulatedNode)] = [:]
    private var steps = 0
    private let hash: InfoHash
    private let name: PeerID

    init(pieces: Int, blocks: Int, tail: Int = 0, seed: UInt64, knowsBlocks: Bool = false, degree: Int = 8) throws {
        let pieceLength = blocks * PieceScheduler.blockLength
        layout = try PieceLayout(
            totalLength: Int64(pieces) * Int64(pieceLength) + Int64(tail), pieceLength: pieceLength)
        self.seed = seed
        self.knowsBlocks = knowsBlocks
        self.degree = degree
        var limits = EngineLimits()
        limits.queuedRequests = 60
        self.limits = limits
        random = SeededRandom(seed: seed)
        hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        name = try #require(PeerID(bytes: [UInt8](repeating: 2, count: 20)))
    }

    var now: ContinuousClock.Instant { start + elapsed }

    /// What stands for the bytes of a piece's blocks.
    func truth(of piece: Int) -> [UInt64] {
        let bytes = layout.length(of: PieceIndex(UInt32(piece))) ?? 0
        return (0..<PieceScheduler.blockCount(ofBytes: bytes)).map { UInt64(piece) << 32 | UInt64($0) << 1 }
    }

    func violation(_ what: String) {
        if violations.count < 20 { violations.append("\(elapsed): \(what)") }
    }

    // MARK: Nodes

    @discardableResult
    func add(
        _ line: SimulatedNode.Line, conduct: SimulatedNode.Conduct = .honest, isFast: Bool = true, isSeed: Bool = false
    ) -> SimulatedNode {
        let isFull: Bool
        switch conduct {
        case .lying, .mute, .rejecting: isFull = true
        default: isFull = isSeed
        }
        let node = SimulatedNode(
            id: nodes.count, swarm: self, line: line, conduct: conduct, isFast: isFast,
            have: isFull ? Bitfield(full: layout.pieceCount) : Bitfield(count: layout.pieceCount))
        nodes.append(node)
        return node
    }

    /// A node comes; its first tick follows within a second.
    func join(_ node: SimulatedNode) {
        guard !node.isOnline else { return }
        node.isOnline = true
        findPeers(for: node)
    }

    /// A node goes without a word; others notice at once.
    func part(_ node: SimulatedNode) {
        node.isOnline = false
        for session in node.sessions { disconnect(session) }
        node.sending = nil
    }

    func node(behind number: PeerNumber, seenBy node: SimulatedNode) -> SimulatedNode? {
        guard let (left, right) = ends[number] else { return nil }
        return left === node ? right : left
    }

    // MARK: Connections

    private func findPeers(for node: SimulatedNode) {
        var others = nodes.filter { other in
            other !== node && other.isOnline && !node.banned.contains(other.id) && !other.banned.contains(node.id)
                && !(node.isDone && other.isDone) && !node.sessions.contains { $0.remote === other }
        }
        others.shuffle(using: &random)
        for other in others.prefix(max(0, degree - node.sessions.count)) { connect(node, other) }
    }

    private func connect(_ left: SimulatedNode, _ right: SimulatedNode) {
        let number = PeerNumber(rawValue: UInt64(ends.count + 1))
        ends[number] = (left, right)
        let mine = session(number, of: left, with: right)
        let theirs = session(number, of: right, with: left)
        mine.twin = theirs
        theirs.twin = mine
        for (node, session) in [(left, mine), (right, theirs)] {
            node.sessions.append(session)
            node.scheduler.join(number, isFast: session.connection.isFast, now: now)
            node.scheduler.setRequestBudget(number, maximum: limits.queuedRequests)
            node.perform(session.connection.opening(), in: session)
        }
    }

    private func session(
        _ number: PeerNumber, of node: SimulatedNode, with remote: SimulatedNode
    ) -> SimulatedSession {
        var features: PeerHandshake.Features = .extensions
        if node.isFast, remote.isFast { features.insert(.fast) }
        let handshake = PeerHandshake(
            features: features, infoHash: hash, peerID: name)
        let connection = PeerConnection(
            handshake: handshake, layout: layout, limits: limits,
            offered: node.scheduler.have.isFull ? nil : node.scheduler.have, isTrading: true, now: now)
        return SimulatedSession(number: number, remote: remote, connection: connection, now: now)
    }

    /// Ends a connection at both ends.
    func disconnect(_ session: SimulatedSession) {
        guard !session.isClosed, let twin = session.twin else { return }
        for (end, node) in [(session, twin.remote), (twin, session.remote)] {
            end.isClosed = true
            if node.sending === end { node.sending = nil }
            node.sessions.removeAll { $0 === end }
            node.scheduler.leave(end.number, now: now)
            plan(after: .zero) { [weak node] in
                node?.pump()
                node?.flush()
            }
        }
    }

    // MARK: Time

    func plan(after delay: Duration, _ action: @escaping () -> Void) {
        events.plan(at: elapsed + max(.zero, delay), action)
    }

    /// Runs until `isOver`, looked at each second, or the limit.
    func run(limit: Duration, eachSecond: @escaping (SimulatedSwarm) -> Void = { _ in }, isOver: () -> Bool) {
        planTick(eachSecond)
        var looked = 0
        while violations.isEmpty, let (time, action) = events.next(), time <= limit {
            elapsed = time
            action()
            steps += 1
            if steps % 997 == 0 { checkOne() }
            if second != looked {
                looked = second
                if isOver() { break }
            }
        }
        for node in nodes { SchedulerInvariants.check(node.scheduler) }
        for violation in violations { Issue.record(Comment(rawValue: violation)) }
        for node in nodes { part(node) }
    }

    private func planTick(_ eachSecond: @escaping (SimulatedSwarm) -> Void) {
        plan(after: .seconds(1)) { [weak self] in
            guard let self else { return }
            second += 1
            eachSecond(self)
            for node in nodes where node.isOnline {
                node.tick()
                if second % 5 == node.id % 5 { findPeers(for: node) }
                note(node)
            }
            planTick(eachSecond)
        }
    }

    /// The books of one node at a time are checked.
    private func checkOne() {
        guard let node = nodes.randomElement(using: &random) else { return }
        SchedulerInvariants.check(node.scheduler)
    }

    private func note(_ node: SimulatedNode) {
        for value in [node.received, node.scheduler.have.setCount, node.sessions.count] {
            trace = (trace ^ UInt64(value)) &* 1_099_511_628_211
        }
    }
}

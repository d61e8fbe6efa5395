import Metainfo
import PeerWire

@testable import TorrentEngine

/// One peer of the simulated swarm: the real scheduler, choker, connections and blame around a store of tokens.
final class SimulatedNode {
    /// How it behaves.
    enum Conduct: Equatable {
        case honest
        /// Honest, but chokes and unchokes everybody every few seconds.
        case flapping
        /// Says it has everything, and sends wrong blocks, this share of them.
        case lying(Double)
        /// Says it has everything, unchokes everybody, and sends nothing.
        case mute
        /// Says it has everything, unchokes everybody, and rejects what it is asked.
        case rejecting
        /// Honest, but forgets this share of the requests.
        case forgetful(Double)
    }

    /// Its line to the others.
    struct Line {
        /// Bytes a second.
        var up: Double
        /// Bytes a second.
        var down: Double
        /// Half of what its packets take to the middle of the net and back.
        var latency: Duration
    }

    let id: Int
    let line: Line
    let conduct: Conduct
    let isFast: Bool
    unowned let swarm: SimulatedSwarm

    var scheduler: PieceScheduler
    var choker: Choker
    var blame = BlockBlame()
    var random: SeededRandom
    var sessions: [SimulatedSession] = []
    /// By piece: what stands for the bytes of its blocks.
    var content: [Int: [UInt64]] = [:]
    /// Nodes it will not speak to again.
    var banned: Set<Int> = []
    var isOnline = false
    var completedAt: Duration?
    var received = 0
    var wasted = 0

    /// The session whose block is on its way out.
    var sending: SimulatedSession?
    var turn = 0
    /// When the line in is free again.
    var freeAt: Duration = .zero
    private var commands: [SchedulerCommand] = []

    init(
        id: Int, swarm: SimulatedSwarm, line: Line, conduct: Conduct = .honest, isFast: Bool = true, have: Bitfield,
        wanted: WantedBytes = .everything
    ) {
        self.id = id
        self.swarm = swarm
        self.line = line
        self.conduct = conduct
        self.isFast = isFast
        random = SeededRandom(seed: swarm.seed &* 1000 &+ UInt64(id))
        scheduler = PieceScheduler(layout: swarm.layout, have: have, wanted: wanted, seed: random.next())
        choker = Choker(mode: .leech, slots: 5, optimisticSlots: 1)
        for piece in 0..<swarm.layout.pieceCount where have[piece] { content[piece] = swarm.truth(of: piece) }
    }

    /// It keeps the rules, so others must get on with it.
    var isHonest: Bool {
        switch conduct {
        case .honest, .flapping: true
        case .lying, .mute, .rejecting, .forgetful: false
        }
    }

    var isDone: Bool { scheduler.isDone }

    // MARK: Time

    func tick() {
        scheduler.tick(now: swarm.now)
        for session in sessions where !session.isClosed {
            session.connection.keepsSeeds = !isDone
            perform(session.connection.tick(now: swarm.now), in: session)
        }
        if conduct == .flapping, swarm.second % 3 == id % 3 { flap() }
        if swarm.second % 10 == id % 10 { deal() }
        flush()
    }

    // MARK: Commands

    /// Does what the scheduler wants done.
    func flush() {
        commands.removeAll(keepingCapacity: true)
        scheduler.drain(into: &commands)
        for command in commands { perform(command) }
    }

    private func perform(_ command: SchedulerCommand) {
        switch command {
        case .request(let number, let request): if let session = session(number) { ask(session, for: request) }
        case .cancel(let number, let request):
            guard let session = session(number) else { return }
            session.open.remove(request)
            send(.cancel(request), in: session)
        case .interest(let number, let isOn):
            guard let session = session(number) else { return swarm.violation("interest in nobody") }
            guard let message = session.connection.want(isOn) else { return swarm.violation("interest told twice") }
            send(message, in: session)
        case .snubbed(let number, let isOn): session(number)?.isSnubbing = isOn
        case .fetchSpan, .cancelSpan: swarm.violation("a span of a peer")
        }
    }

    private func ask(_ session: SimulatedSession, for request: BlockRequest) {
        guard let message = session.connection.ask(request) else { return swarm.violation("asked what may not be") }
        guard session.open.insert(request).inserted else { return swarm.violation("asked twice") }
        guard session.open.count <= swarm.limits.queuedRequests else { return swarm.violation("over the budget") }
        guard !scheduler.have[request.piece] else { return swarm.violation("asked for what is there") }
        send(message, in: session)
    }

    func session(_ number: PeerNumber) -> SimulatedSession? { sessions.first { $0.number == number } }

    // MARK: Choking

    /// Deals the slots.
    func deal() {
        guard conduct != .flapping else { return }
        choker.mode = isDone ? .seed : .leech
        let chosen = choker.deal(candidates(), now: swarm.now, using: &random)
        for session in sessions {
            setChoked(!chosen.contains(session.number), session)
            session.formerReceived = session.receivedInRound
            (session.sentInRound, session.receivedInRound) = (0, 0)
        }
    }

    /// Gives free slots away at once.
    func fillSlots() {
        guard conduct != .flapping else { return }
        if !isHonest {
            for session in sessions where session.connection.isInterested { setChoked(false, session) }
            return
        }
        let chosen = choker.fillFreeSlots(candidates())
        for session in sessions where chosen.contains(session.number) { setChoked(false, session) }
    }

    private func flap() {
        for session in sessions { setChoked(!session.connection.isChoked, session) }
    }

    private func setChoked(_ isOn: Bool, _ session: SimulatedSession) {
        guard !session.isClosed else { return }
        let actions = isOn ? session.connection.choke(now: swarm.now) : session.connection.unchoke(now: swarm.now)
        perform(actions, in: session)
    }

    private func candidates() -> [Choker.Candidate] {
        sessions.map {
            Choker.Candidate(
                id: $0.number, isInterested: $0.connection.isInterested, rate: Double($0.sentInRound) / 10,
                givenRate: Double($0.receivedInRound + $0.formerReceived) / 20, isSnubbing: $0.isSnubbing,
                since: $0.connection.chokeChangedAt, connectedAt: $0.openedAt, isUnchoked: !$0.connection.isChoked)
        }
    }
}

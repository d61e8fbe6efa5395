import ByteCoding
import DHTWire
import Dialling
import Metainfo

/// The rules of a node of the DHT, without sockets, clock or chance: datagrams and time go in, actions come out.
struct DHTCore {
    typealias Instant = ContinuousClock.Instant

    /// `v` of our messages.
    static let version: [UInt8] = [UInt8(ascii: "R"), UInt8(ascii: "S"), 0, 1]
    private static let maximumEntryPoints = 64

    let rules: DialRules
    let limits: DHTLimits
    let isReadOnly: Bool
    var families: [DialFamily: DHTFamily] = [:]
    var random: DHTRandom
    var tokens: TokenBook
    var store: PeerStore
    var budget: SendBudget
    var answerLimiter: SourceLimiter
    var questionLimiter: SourceLimiter
    var pending = PendingQueries()
    var checks = NodeCheckQueue()
    var searches: [UInt32: DHTSearch] = [:]
    var nextSearch: UInt32 = 0
    var book: DHTSearchBook
    /// Where to begin when the tables are empty.
    var entryPoints: [Endpoint] = []
    var upkeep: DHTUpkeepTimes
    var counts = DHTStatistics()
    private var actions: [DHTAction] = []

    /// - Parameters:
    ///   - families: Those there is a socket for.
    ///   - saved: What an earlier run knew.
    init(
        configuration: DHTConfiguration, families: Set<DialFamily>, saved: DHTState = DHTState(),
        random: DHTRandom, now: Instant
    ) {
        rules = configuration.rules
        limits = configuration.limits
        isReadOnly = configuration.isReadOnly
        self.random = random
        tokens = TokenBook(random: &self.random, now: now)
        store = PeerStore(limits: limits)
        budget = SendBudget(rate: limits.sentBytesPerSecond, now: now)
        answerLimiter = SourceLimiter(rate: limits.answersPerSecondAndAddress)
        questionLimiter = SourceLimiter(rate: limits.questionsPerSecondAndAddress)
        book = DHTSearchBook(interval: limits.searchInterval)
        upkeep = DHTUpkeepTimes(now: now)
        for family in families {
            self.families[family] = DHTFamily(id: saved.ids[family] ?? self.random.nodeID())
        }
        addEntryPoints(saved.nodes.map(\.endpoint), now: now)
    }

    /// What is to be done since the last call.
    mutating func takeActions() -> [DHTAction] {
        defer { actions = [] }
        return actions
    }

    /// Nodes named by the operator or known from before, whatever their address is. Joining begins anew with them.
    mutating func addEntryPoints(_ endpoints: [Endpoint], now: Instant) {
        for endpoint in endpoints where families[DialFamily(of: endpoint.address)] != nil {
            guard endpoint.port != 0, endpoint.address.scope != .unusable, !entryPoints.contains(endpoint) else {
                continue
            }
            if entryPoints.count >= Self.maximumEntryPoints { entryPoints.removeFirst() }
            entryPoints.append(endpoint)
            upkeep.joinSoon(now: now)
        }
    }

    /// A node that others named; it is asked whether it is there, when the rules let it be asked.
    mutating func consider(_ endpoint: Endpoint, namedFrom scope: AddressScope) {
        guard mayAsk(endpoint, namedFrom: scope) else { return }
        checks.add(endpoint)
    }

    /// What the node knows and has done.
    func statistics(now: Instant) -> DHTStatistics {
        var statistics = counts
        statistics.goodNodes = families.values.reduce(0) { $0 + $1.table.nodes.count { $0.isGood(now: now) } }
        statistics.nodes = families.values.reduce(0) { $0 + $1.table.count }
        statistics.storedTorrents = store.torrentCount
        statistics.storedPeers = store.peerCount
        statistics.lookups = searches.count
        statistics.externalAddresses = families.values.compactMap(\.externalAddress).sorted()
        return statistics
    }

    /// What the next run should know.
    func state(now: Instant) -> DHTState {
        var state = DHTState()
        for (family, own) in families {
            state.ids[family] = own.table.id
            state.nodes += own.table.nodes.filter { $0.failures == 0 }.map(\.contact)
        }
        return state
    }

    /// Whether the rules and our sockets let an endpoint be asked that was named by someone reached at `scope`.
    func mayAsk(_ endpoint: Endpoint, namedFrom scope: AddressScope) -> Bool {
        families[DialFamily(of: endpoint.address)] != nil && rules.refusal(of: endpoint, namedFrom: scope) == nil
    }

    /// Whether an id is one of ours.
    func isOurs(_ id: NodeID) -> Bool { families.values.contains { $0.table.id == id } }

    /// Which families we want nodes of; nil for the one a question is put in.
    var want: WantedFamilies? { families.count > 1 ? .both : nil }

    mutating func perform(_ action: DHTAction) { actions.append(action) }

    /// Whether a question may be put anywhere now.
    func canAsk(now: Instant) -> Bool { !pending.isFull && budget.hasRoomForQuestion(now: now) }

    /// Puts a question. The caller has made sure that it may.
    mutating func ask(_ query: DHTQuery, at endpoint: Endpoint, for purpose: PendingQuery.Purpose, now: Instant) {
        guard let family = families[DialFamily(of: endpoint.address)] else { return }
        let transactionID = pending.open(
            PendingQuery(endpoint: endpoint, purpose: purpose, sentAt: now), random: &random)
        let message = KRPCMessage(
            transactionID: transactionID, body: .query(sender: family.table.id, query), isReadOnly: isReadOnly,
            version: Self.version)
        let packet = message.encoded()
        budget.takeQuestion(packet.count, now: now)
        _ = questionLimiter.take(endpoint, now: now)
        counts.asked += 1
        counts.sentBytes += packet.count
        perform(.send(packet, to: endpoint))
    }
}

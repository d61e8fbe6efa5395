import ByteCoding

/// The addresses known for one torrent that is downloaded, and when each is to be dialled: a pure rule without clock or
/// sockets. Whether an address may be dialled at all is for the dialling rules.
///
/// One that cannot be reached is dialled at ever longer intervals and given up after some; one with which we parted
/// well is dialled again soon. Seeds are not dialled while nothing is wanted.
struct PeerBook: Sendable {
    /// A peer whose turn it is.
    struct Dial: Equatable, Sendable {
        let endpoint: Endpoint
        /// The class of the address at which the one who named it was reached.
        let namedFrom: AddressScope
        /// How often it was dialled in vain since it last shook hands.
        let attempt: Int
    }

    private enum State { case waiting, dialling, connected }

    private struct Entry {
        var source: PeerSource
        var namedFrom: AddressScope
        var nextDial: ContinuousClock.Instant
        var state = State.waiting
        var failures = 0
        var isSeed = false
    }

    /// The first pause after a failed dial, and after a connection has ended; doubled for each further failure.
    static let pause: Duration = .seconds(10)
    static let longestPause: Duration = .seconds(900)
    /// Failures after which a peer is forgotten, unless the operator named it.
    static let failuresAllowed = 6
    static let bansKept = 4_096

    private var entries: [Endpoint: Entry] = [:]
    private var bannedAddresses: Set<IPAddress> = []
    private var bannedEndpoints: Set<Endpoint> = []
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { entries.count }

    /// Notes that a peer was named. When the book is full, one that could not be reached makes room, or the new one is
    /// left out.
    mutating func add(
        _ endpoint: Endpoint, from source: PeerSource, namedFrom scope: AddressScope, isSeed: Bool = false,
        now: ContinuousClock.Instant
    ) {
        guard endpoint.port > 0, !isBanned(endpoint) else { return }
        if var known = entries[endpoint] {
            if source < known.source {
                known.source = source
                known.namedFrom = scope
                if source == .operator { known.failures = 0 }
            }
            entries[endpoint] = known
            return
        }
        if entries.count >= capacity, !makeRoom() { return }
        entries[endpoint] = Entry(source: source, namedFrom: scope, nextDial: now, isSeed: isSeed)
    }

    private mutating func makeRoom() -> Bool {
        let unreachable = entries.first {
            $0.value.failures > 0 && $0.value.state == .waiting && $0.value.source != .operator
        }
        guard let unreachable else { return false }
        entries[unreachable.key] = nil
        return true
    }

    /// Up to `limit` peers whose time has come; they count as being dialled from now on.
    mutating func due(now: ContinuousClock.Instant, limit: Int, wantsSeeds: Bool) -> [Dial] {
        guard limit > 0 else { return [] }
        var ready: [(endpoint: Endpoint, entry: Entry)] = []
        for (endpoint, entry) in entries
        where entry.state == .waiting && entry.nextDial <= now && (wantsSeeds || !entry.isSeed) {
            ready.append((endpoint, entry))
        }
        if ready.count > limit {
            ready.sort { ($0.entry.failures, $0.entry.source) < ($1.entry.failures, $1.entry.source) }
        }
        return ready.prefix(limit).map { endpoint, entry in
            entries[endpoint]?.state = .dialling
            return Dial(endpoint: endpoint, namedFrom: entry.namedFrom, attempt: entry.failures)
        }
    }

    /// When the next peer is to be dialled; nil when none is.
    func nextDial(wantsSeeds: Bool) -> ContinuousClock.Instant? {
        entries.values.lazy.filter { $0.state == .waiting && (wantsSeeds || !$0.isSeed) }.map(\.nextDial).min()
    }

    /// The handshake with a dialled peer is done.
    mutating func connected(_ endpoint: Endpoint) {
        entries[endpoint]?.state = .connected
        entries[endpoint]?.failures = 0
    }

    /// The connection has ended, or never came about.
    ///
    /// - Parameters:
    ///   - wasUseful: True when something came of it; else it counts as a failure.
    ///   - jitter: Random number, 0...1.
    mutating func disconnected(
        _ endpoint: Endpoint, wasUseful: Bool, now: ContinuousClock.Instant, jitter: Double
    ) {
        guard var entry = entries[endpoint] else { return }
        entry.state = .waiting
        entry.failures = wasUseful ? 0 : entry.failures + 1
        if entry.failures > Self.failuresAllowed, entry.source != .operator {
            entries[endpoint] = nil
            return
        }
        // The first try after a failure is soon: it may be with the other kind of handshake.
        let base: Duration = entry.failures == 1 ? .seconds(1) : Self.pause * (1 << min(10, max(0, entry.failures - 2)))
        entry.nextDial = now + min(base, Self.longestPause) * (0.8 + 0.4 * min(max(jitter, 0), 1))
        entries[endpoint] = entry
    }

    /// The peer has everything, or has not.
    mutating func note(_ endpoint: Endpoint, isSeed: Bool) { entries[endpoint]?.isSeed = isSeed }

    mutating func forget(_ endpoint: Endpoint) { entries[endpoint] = nil }

    /// Forgets all but those the operator named (BEP 27: another tracker).
    mutating func forgetNamed() { entries = entries.filter { $0.value.source == .operator } }

    /// No connection is left: all may be dialled again.
    mutating func restart(now: ContinuousClock.Instant) {
        for endpoint in entries.keys {
            entries[endpoint]?.state = .waiting
            entries[endpoint]?.nextDial = now
        }
    }

    // MARK: Bans

    /// Peers there are not dialled or let in again. At loopback only the one endpoint is meant: all of the machine's
    /// peers have that address.
    mutating func ban(_ endpoint: Endpoint) {
        if bannedAddresses.count + bannedEndpoints.count >= Self.bansKept {
            bannedAddresses.removeAll()
            bannedEndpoints.removeAll()
        }
        entries[endpoint] = nil
        if endpoint.address.scope == .loopback {
            bannedEndpoints.insert(endpoint)
        } else {
            bannedAddresses.insert(endpoint.address)
            entries = entries.filter { $0.key.address != endpoint.address }
        }
    }

    func isBanned(_ endpoint: Endpoint) -> Bool {
        bannedAddresses.contains(endpoint.address) || bannedEndpoints.contains(endpoint)
    }
}

import ByteCoding
import Cryptography
import Logging
import Metainfo
import Synchronization

/// Finds peers in the local network by multicast (BEP 14).
///
/// Torrents that are private are never given to it (BEP 27). What arrives is believed only from addresses of private
/// networks and this machine, and only about torrents that were given to it.
final class LocalDiscovery: Sendable {
    /// What is called with a torrent and where a peer of it listens.
    typealias Found = @Sendable (_ hash: InfoHash, _ peer: Endpoint) -> Void

    private struct State {
        var schedule = LocalAnnounceSchedule()
        var hashes: Set<InfoHash> = []
        var sockets: [MulticastSocket] = []
        var work: Task<Void, Never>?
        /// How many datagrams of others are still heeded in this minute.
        var allowance = LocalDiscovery.datagramsPerMinute
        var minute: ContinuousClock.Instant?

        /// Counts a datagram; false when there were too many in this minute.
        mutating func heeds(at now: ContinuousClock.Instant) -> Bool {
            if minute.map({ now - $0 >= .seconds(60) }) ?? true {
                minute = now
                allowance = LocalDiscovery.datagramsPerMinute
            }
            guard allowance > 0 else { return false }
            allowance -= 1
            return true
        }
    }

    /// The most datagrams of others that are heeded in a minute.
    static let datagramsPerMinute = 600
    private let port: UInt16
    private let settings: LocalDiscoverySettings
    private let cookie: String
    private let found: Found
    private let logger: Logger
    private let state = Mutex(State())
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - port: where we listen for peers, 1...65535.
    ///   - found: called on any thread.
    init(
        port: UInt16, settings: LocalDiscoverySettings = .standard, found: @escaping Found, logger: Logger
    ) {
        self.port = port
        self.settings = settings
        self.found = found
        self.logger = logger
        cookie = Hex.encode(SecureRandom.bytes(8))
        (wakeUps, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Joins the groups. Returns how many could be joined; without any nothing is found, which is no error. To be
    /// called once.
    func start() async -> Int {
        var sockets: [MulticastSocket] = []
        for group in settings.groups {
            do {
                sockets.append(
                    try await MulticastSocket(group: group, interface: settings.interface) { [weak self] in
                        self?.received($0, from: $1)
                    })
            } catch {
                logger.debug("multicast group not joined", metadata: ["group": "\(group)", "reason": "\(error)"])
            }
        }
        let joined = sockets
        state.withLock { state in
            state.sockets = joined
            state.work = Task { await announce(through: joined) }
        }
        return joined.count
    }

    /// A torrent is announced and found from now on. Not for private ones.
    func add(_ hash: InfoHash) {
        state.withLock { state in
            state.hashes.insert(hash)
            state.schedule.add(hash, now: .now)
        }
        wake.yield()
    }

    /// A torrent is announced no more.
    func remove(_ hash: InfoHash) {
        state.withLock { state in
            state.hashes.remove(hash)
            state.schedule.remove(hash)
        }
    }

    /// Leaves the groups.
    func stop() async {
        let (work, sockets) = state.withLock { state in
            defer { (state.work, state.sockets) = (nil, []) }
            return (state.work, state.sockets)
        }
        work?.cancel()
        wake.finish()
        await work?.value
        for socket in sockets { await socket.close() }
    }

    private func announce(through sockets: [MulticastSocket]) async {
        guard !sockets.isEmpty else { return }
        while !Task.isCancelled {
            let (portions, next) = state.withLock { ($0.schedule.due(at: .now), $0.schedule.nextTime) }
            for portion in portions {
                let announcement = LocalAnnouncement(hashes: portion, port: port, cookie: cookie)
                for socket in sockets { await socket.send(announcement.encoded(host: socket.group)) }
            }
            await sleep(until: next)
        }
    }

    private func sleep(until next: ContinuousClock.Instant?) async {
        let timer = next.map { next in
            Task {
                try? await Task.sleep(until: next)
                if !Task.isCancelled { wake.yield() }
            }
        }
        for await _ in wakeUps { break }
        timer?.cancel()
    }

    private func received(_ bytes: [UInt8], from source: IPAddress) {
        guard source.scope == .private || source.scope == .loopback,
            let announcement = LocalAnnouncement(decoding: bytes), announcement.cookie != cookie
        else { return }
        let hashes = state.withLock { state in
            guard state.heeds(at: .now) else { return [InfoHash]() }
            return announcement.hashes.filter(state.hashes.contains)
        }
        for hash in hashes { found(hash, Endpoint(address: source, port: announcement.port)) }
    }
}

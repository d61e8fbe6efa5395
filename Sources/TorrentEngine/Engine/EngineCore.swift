import ByteCoding
import Dialling
import Logging
import Metainfo
import NIOCore
import NIOPosix

/// The state of all torrents, owned by one event loop: no locks, and every method is called there.
///
/// Entering and leaving: `SwarmEngine` calls in from outside, `PeerHandler` from the sockets. What has to wait (opening
/// content, reading cold pages, loading metadata) runs elsewhere and comes back as a task on the loop.
final class EngineCore {
    let limits: EngineLimits
    let eventLoop: any EventLoop
    let logger: Logger
    let uploads: UploadTotals
    let exchanges: ExchangeTotals
    let metrics = EngineMetrics()
    let dialler: Dialler
    let workers = NIOThreadPool.singleton
    var identity: EngineIdentity

    /// Everything that is seeded.
    var torrents: [InfoHash: SeededTorrent] = [:]
    /// Other hashes of the same torrents.
    var aliases: [InfoHash: InfoHash] = [:]
    /// Torrents with peers, or left by the last one a moment ago.
    var active: [InfoHash: ActiveTorrent] = [:]
    /// Connections still in their handshake.
    var pending: [PeerNumber: PeerHandler] = [:]
    var connectionsByAddress: [IPAddress: Int] = [:]
    var connectionCount = 0
    /// When a peer at a public address last shook hands with us on a connection of its own.
    var lastInbound: ContinuousClock.Instant?
    /// Content bytes given to peers that have left, for those that took more than everything.
    var takenByGone: [GonePeer: Int64] = [:]
    var leechers: LeecherBook
    var dialsUnderWay = 0
    var buffers: BatchBuffers
    /// Scratch space for `preadv2`.
    var vectors = ReadVectors()
    var isEnabled = true
    var isStopping = false

    var ticker: RepeatedTask?
    var lastTick = ContinuousClock.now
    private var lastPeerNumber: UInt64 = 0
    /// Work on other threads that has not come back, and who waits for its end.
    private var outside = 0
    private var outsideDone: EventLoopPromise<Void>?
    private var tasks: [Int: Task<Void, Never>] = [:]
    private var lastTask = 0

    /// A peer that has left a torrent.
    struct GonePeer: Hashable {
        let hash: InfoHash
        let peerID: PeerID
    }

    init(
        configuration: EngineConfiguration, identity: EngineIdentity, uploads: UploadTotals,
        exchanges: ExchangeTotals, eventLoop: any EventLoop, logger: Logger
    ) {
        limits = configuration.limits
        self.eventLoop = eventLoop
        self.logger = logger
        self.uploads = uploads
        self.exchanges = exchanges
        self.identity = identity
        dialler = Dialler(rules: configuration.dialRules, logger: logger)
        leechers = LeecherBook(capacity: limits.knownLeechers)
        buffers = BatchBuffers(kept: 64, largest: 2 * limits.batchBytes + limits.blockLength)
    }

    // MARK: Torrents

    func listensAt(port: Int) { identity.port = UInt16(clamping: port) }

    func add(_ torrent: SeededTorrent) {
        if let known = torrents[torrent.infoHash] { forgetAliases(of: known) }
        active[torrent.infoHash]?.replace(with: torrent)
        torrents[torrent.infoHash] = torrent
        for alias in torrent.aliases { aliases[alias] = torrent.infoHash }
        logger.debug("torrent added", metadata: ["hash": "\(torrent.infoHash)"])
    }

    func remove(_ hash: InfoHash) {
        guard let torrent = seeded(hash) else { return }
        torrents[torrent.infoHash] = nil
        forgetAliases(of: torrent)
        leechers.forgetAll(of: torrent.infoHash)
        exchanges.forget(torrent.infoHash)
        if let gone = active.removeValue(forKey: torrent.infoHash) {
            for peer in gone.peers.values { peer.close(.torrentRemoved) }
        }
        logger.debug("torrent removed", metadata: ["hash": "\(torrent.infoHash)"])
    }

    /// The torrent with that hash or alias.
    func seeded(_ hash: InfoHash) -> SeededTorrent? { torrents[hash] ?? aliases[hash].flatMap { torrents[$0] } }

    private func forgetAliases(of torrent: SeededTorrent) {
        for alias in torrent.aliases where aliases[alias] == torrent.infoHash { aliases[alias] = nil }
    }

    // MARK: On, off, end

    func setEnabled(_ isOn: Bool) {
        guard isOn != isEnabled else { return }
        isEnabled = isOn
        if !isOn { closeAll(.switchedOff) }
        logger.info("peer engine switched", metadata: ["on": "\(isOn)"])
    }

    /// Closes all peers; done when no work of ours is left on other threads.
    func shutDown() -> EventLoopFuture<Void> {
        isStopping = true
        closeAll(.engineStopping)
        torrents = [:]
        aliases = [:]
        ticker?.cancel()
        ticker = nil
        for task in tasks.values { task.cancel() }
        let done = eventLoop.makePromise(of: Void.self)
        if outside == 0 { done.succeed() } else { outsideDone = done }
        return done.futureResult
    }

    private func closeAll(_ reason: PeerCloseReason) {
        leechers.forgetAll()
        for peer in pending.values { peer.close(reason) }
        for torrent in active.values {
            for peer in torrent.peers.values { peer.close(reason) }
        }
        active = [:]
        buffers.drop()
    }

    // MARK: What the admin page asks

    func peers(of hash: InfoHash) -> [PeerStatus] {
        guard let torrent = seeded(hash), let active = active[torrent.infoHash] else { return [] }
        let now = ContinuousClock.now
        return active.peers.values.compactMap { $0.status(now: now) }.sorted { $0.connectedFor > $1.connectedFor }
    }

    var torrentsWithLeechers: [InfoHash] {
        active.filter { $0.value.peers.values.contains { $0.connection?.have.isFull == false } }.map(\.key)
    }

    var secondsSinceLastInbound: Int? {
        lastInbound.map { Int((ContinuousClock.now - $0).components.seconds) }
    }

    var statistics: EngineStatistics {
        var sums = EngineStatistics()
        sums.torrents = torrents.count
        sums.activeTorrents = active.values.count { !$0.peers.isEmpty }
        sums.connections = connectionCount
        sums.openFiles = active.values.count { $0.file != nil }
        sums.knownLeechers = leechers.count
        return sums
    }

    // MARK: Work elsewhere

    func nextPeerNumber() -> PeerNumber {
        lastPeerNumber += 1
        return PeerNumber(rawValue: lastPeerNumber)
    }

    /// Runs `work` as a task off the loop and `body` with its result on the loop.
    func outsideLoop<T: Sendable>(
        _ work: @escaping @Sendable () async throws -> T, then body: @escaping (Result<T, any Error>) -> Void
    ) {
        lastTask += 1
        let id = lastTask
        outside += 1
        let finish = NIOLoopBound(
            { (result: Result<T, any Error>) in
                self.tasks[id] = nil
                body(result)
                self.returned()
            }, eventLoop: eventLoop)
        let eventLoop = eventLoop
        tasks[id] = Task {
            let result: Result<T, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            eventLoop.execute { finish.value(result) }
        }
    }

    /// Reads a batch on a worker thread and calls `body` with the outcome on the loop.
    func readWaiting(_ job: ReadJob, then body: @escaping (BlockReader.Outcome) -> Void) {
        outside += 1
        metrics.waitedForDisk()
        workers.runIfActive(eventLoop: eventLoop) { job.run() }.assumeIsolated().whenComplete { result in
            body((try? result.get()) ?? .failed(.unreadable(errno: ECANCELED)))
            self.returned()
        }
    }

    func readCached(
        _ requests: [QueuedBlock], from file: ContentFile, into buffer: inout ByteBuffer
    ) -> BlockReader.Outcome {
        BlockReader.readCached(requests, from: file.descriptor, into: &buffer, vectors: &vectors)
    }

    private func returned() {
        outside -= 1
        if outside == 0, let outsideDone { outsideDone.succeed() }
    }
}

import ByteCoding
import Dialling
import Logging
import Metainfo
import NIOCore
import NIOPosix
import TrackerClient

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
    let trackerRules: DialRules
    let encryption: EncryptionPolicy
    let usesPeerExchange: Bool
    let onEvent: (@Sendable (ProtocolEvent) -> Void)?
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
    /// Decrypts what comes; shared by all connections.
    let cipherBuffer = CipherBuffer()
    /// What peers name torrents by in encrypted handshakes; empty when those are refused.
    var obfuscated = ObfuscatedHashes()
    /// Torrents of which we are the only seed show each peer single pieces (BEP 16).
    var superSeeds: Bool
    var isEnabled = true
    var isStopping = false

    /// Torrents that are downloaded, or seeded from a folder.
    private(set) lazy var downloads = DownloadBook(core: self)
    var rates: RateLimits
    var uploadsWaiting = WaitingPeers()
    var peersWaiting: [PeerNumber: PeerHandler] = [:]
    var downloadsWaiting: Set<InfoHash> = []
    var turn: Scheduled<Void>?
    var dht: DHTNode?
    var localDiscovery: LocalDiscovery?
    var openTrackerClient: TrackerClient?
    var openFetcher: Fetcher?
    var openHashers: Hashers?

    var ticker: RepeatedTask?
    var lastTick = ContinuousClock.now
    private var lastPeerNumber: UInt64 = 0
    /// Work on other threads that has not come back, and who waits for its end.
    var outside = 0
    var outsideDone: EventLoopPromise<Void>?
    var tasks: [Int: Task<Void, Never>] = [:]
    var lastTask = 0

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
        trackerRules = configuration.trackerRules
        encryption = configuration.encryption
        usesPeerExchange = configuration.usesPeerExchange
        superSeeds = configuration.superSeeds
        onEvent = configuration.onEvent
        rates = RateLimits(download: configuration.downloadLimit, upload: configuration.uploadLimit, now: .now)
        leechers = LeecherBook(capacity: limits.knownLeechers)
        buffers = BatchBuffers(kept: 64, largest: 2 * limits.batchBytes + limits.blockLength)
    }

    // MARK: Torrents

    func listensAt(port: Int) {
        identity.port = UInt16(clamping: port)
        for download in downloads.running { download.startSources() }
    }

    func add(_ torrent: SeededTorrent) {
        if let known = torrents[torrent.infoHash] { forgetAliases(of: known) }
        active[torrent.infoHash]?.replace(with: torrent)
        torrents[torrent.infoHash] = torrent
        for alias in torrent.aliases { aliases[alias] = torrent.infoHash }
        if encryption != .off { for hash in [torrent.infoHash] + torrent.aliases { obfuscated.insert(hash) } }
        logger.debug("torrent added", metadata: ["hash": "\(torrent.infoHash)"])
    }

    func remove(_ hash: InfoHash) {
        guard let torrent = seeded(hash) else { return }
        torrents[torrent.infoHash] = nil
        obfuscated.remove(torrent.infoHash)
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
        for alias in torrent.aliases where aliases[alias] == torrent.infoHash {
            aliases[alias] = nil
            obfuscated.remove(alias)
        }
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
        turn?.cancel()
        for task in tasks.values { task.cancel() }
        let done = eventLoop.makePromise(of: Void.self)
        if outside == 0 { done.succeed() } else { outsideDone = done }
        return done.futureResult
    }

    private func closeAll(_ reason: PeerCloseReason) {
        leechers.forgetAll()
        peersWaiting = [:]
        for peer in pending.values { peer.close(reason) }
        for torrent in active.values {
            for peer in torrent.peers.values { peer.close(reason) }
        }
        active = active.filter { $0.value.download != nil && !isStopping }
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

    func nextPeerNumber() -> PeerNumber {
        lastPeerNumber += 1
        return PeerNumber(rawValue: lastPeerNumber)
    }
}

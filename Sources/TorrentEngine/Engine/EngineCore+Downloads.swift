import ByteCoding
import Dialling
import Metainfo
import NIOCore
import NIOPosix
import PeerWire
import TrackerClient

/// What the downloads share: the way to the hashing threads, trackers and web servers, rates, and the protocol log.
extension EngineCore {
    // MARK: Threads

    /// How many pieces are hashed at once.
    var hasherCount: Int { Hashers.count }

    /// Runs blocking work on a hashing thread and `body` with its result on the loop.
    func onHashers<T: Sendable>(_ work: @escaping @Sendable () -> T, then body: @escaping (T) -> Void) {
        began()
        hashers.pool.runIfActive(eventLoop: eventLoop) { work() }.assumeIsolated().whenComplete { result in
            if case .success(let value) = result { body(value) }
            self.returned()
        }
    }

    /// Lets a task run that ends by itself soon after it is cancelled.
    func spawn(_ work: @escaping @Sendable () async -> Void) {
        outsideLoop({ await work() }, then: { _ in })
    }

    /// A way to find peers has opened: the torrents that run make use of it.
    func opened(dht: DHTNode) {
        self.dht = dht
        for download in downloads.running { download.startSources() }
    }

    func opened(_ discovery: LocalDiscovery) {
        localDiscovery = discovery
        for download in downloads.running { download.startSources() }
    }

    func setSuperSeeding(_ isOn: Bool) {
        superSeeds = isOn
        for torrent in active.values {
            if !isOn { torrent.endSuperSeeding() }
            torrent.download?.beginSuperSeeding()
        }
    }

    // MARK: Others

    var announcerIdentity: AnnouncerIdentity {
        AnnouncerIdentity(peerID: identity.peerID, port: identity.port, key: identity.key)
    }

    /// Ends all downloads. What is returned is to be awaited before the loop ends.
    func stopDownloads() -> @Sendable () async -> Void {
        let farewells = downloads.all.map { $0.stop() }
        let (dht, discovery) = (dht, localDiscovery)
        return {
            await withTaskGroup(of: Void.self) { group in
                for farewell in farewells { group.addTask { await farewell() } }
                group.addTask { await dht?.stop() }
                group.addTask { await discovery?.stop() }
            }
        }
    }

    /// What is to be shut down last.
    func takeClients() -> @Sendable () async -> Void {
        let (tracker, web, hashers) = (openTrackerClient, openFetcher, openHashers)
        (openTrackerClient, openFetcher, openHashers) = (nil, nil, nil)
        downloads.clear()
        return {
            await tracker?.shutdown()
            await web?.shutdown()
            try? await hashers?.pool.shutdownGracefully()
        }
    }

    /// The tracker client, made when the first torrent needs it.
    var trackerClient: TrackerClient {
        if let openTrackerClient { return openTrackerClient }
        let made = TrackerClient(rules: trackerRules, logger: logger)
        openTrackerClient = made
        return made
    }

    /// The client for web seeds, made when the first torrent needs it.
    var fetcher: Fetcher {
        if let openFetcher { return openFetcher }
        let made = Fetcher(rules: trackerRules, logger: logger)
        openFetcher = made
        return made
    }

    /// The hashing threads, made when the first torrent needs them.
    var hashers: Hashers {
        if let openHashers { return openHashers }
        let made = Hashers()
        openHashers = made
        return made
    }

    // MARK: Protocol log

    var isLogging: Bool { onEvent != nil }

    func log(_ event: ProtocolEvent) { onEvent?(event) }

    func log(_ peer: PeerHandler, _ direction: ProtocolEvent.Direction, _ text: String) {
        onEvent?(
            ProtocolEvent(
                infoHash: peer.torrent?.torrent.infoHash, peer: peer.remote, direction: direction, text: text))
    }

    /// The blocks that are about to be written.
    func logBatch(_ peer: PeerHandler) {
        for block in peer.serving.batch {
            let request = block.request
            log(peer, .sent, "piece \(request.piece) at \(request.begin), \(request.length) bytes")
        }
    }
}

extension EngineCore {
    /// What may be told and believed by peer exchange.
    var exchangeRules: PeerExchangeRules {
        var rules = PeerExchangeRules()
        rules.dialRules = dialler.rules
        return rules
    }
}

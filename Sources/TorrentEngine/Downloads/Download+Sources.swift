import ByteCoding
import Dialling
import Metainfo
import NIOCore
import PeerWire
import TrackerClient

/// Where peers come from.
extension Download {
    /// Connections beyond which no more are sought.
    var seeksPeers: Bool { isRunning && active.peers.count < core.limits.connectionsPerTorrent }

    /// Peers were named. Those that may be dialled are kept.
    func found(_ peers: [Endpoint], namedFrom scope: AddressScope, source: PeerSource) {
        guard !isRemoved, !isPrivate || !source.isOpen else { return }
        let now = ContinuousClock.now
        for peer in peers where !core.identity.isOurs(peer) {
            // What the operator of this machine names is dialled wherever it is.
            let scope = source == .operator && scope == .loopback ? peer.address.scope : scope
            if let refusal = core.dialler.rules.refusal(of: peer, namedFrom: scope) {
                note("not dialled: \(refusal.rawValue)", peer: peer)
                continue
            }
            book.add(peer, from: source, namedFrom: scope, now: now)
        }
        core.startTicking()
        if isRunning { core.dialDue(of: self, now: now) }
    }

    /// The peers of a magnet link (`x.pe`).
    func found(_ link: MagnetLink) {
        found(link.peers, namedFrom: namedFrom, source: namedFrom == .loopback ? .operator : .magnet)
    }

    func startSources() {
        if core.usesPeerExchange, !isPrivate, exchange == nil {
            exchange = PeerExchangeBook(rules: core.exchangeRules)
        }
        startAnnouncing()
        startWebSeeds()
        guard !isPrivate else { return }
        for hash in swarmHashes { core.localDiscovery?.add(hash) }
        startDHT()
    }

    func stopSources() {
        for source in sources { source.cancel() }
        sources = []
        exchange = nil
        active.superSeeding = nil
        for hash in swarmHashes {
            core.localDiscovery?.remove(hash)
            core.dht?.withdraw(hash)
        }
        guard let announcer else { return }
        self.announcer = nil
        jobBegins()
        core.outsideLoop({ await announcer.stop() }, then: { _ in self.jobEnds() })
    }

    /// The metadata says that peers may come only from the trackers (BEP 27): what others named is forgotten.
    func becamePrivate() {
        note("the torrent is private")
        for source in sources { source.cancel() }
        sources = []
        exchange = nil
        for hash in swarmHashes {
            core.localDiscovery?.remove(hash)
            core.dht?.withdraw(hash)
        }
        book.forgetNamed()
        for peer in active.peers.values { peer.sendExtensionHandshake() }
        // From now on one tracker at a time is used.
        guard let announcer else { return }
        self.announcer = nil
        let enter = entrance()
        core.spawn {
            await announcer.stop()
            enter { $0.startAnnouncing() }
        }
    }

    /// The swarms of the torrent: two for a hybrid.
    var swarmHashes: [InfoHash] {
        var hashes = [version1, version2?.truncated].compactMap(\.self)
        hashes += active.torrent.aliases.filter { !hashes.contains($0) }
        return hashes
    }

    // MARK: Trackers

    func startAnnouncing() {
        guard announcer == nil, !tiers.isEmpty, isRunning, core.identity.port > 0 else { return }
        let enter = entrance()
        let this = NIOLoopBound(self, eventLoop: core.eventLoop)
        let eventLoop = core.eventLoop
        let announcer = TorrentAnnouncer(
            client: core.trackerClient, tiers: tiers, hashes: swarmHashes, isPrivate: isPrivate,
            identity: core.announcerIdentity, namedFrom: namedFrom,
            figures: { (try? await eventLoop.submit { this.value.announceFigures }.get()) ?? AnnounceFigures() },
            found: { peers, scope, _ in enter { $0.found(peers, namedFrom: scope, source: .tracker) } },
            report: { report in enter { $0.heard(report) } }, logger: core.logger)
        self.announcer = announcer
        core.spawn { await announcer.run() }
    }

    private var announceFigures: AnnounceFigures {
        let left = scheduler.map { UInt64(clamping: $0.left) } ?? 16_384
        return AnnounceFigures(
            uploaded: UInt64(clamping: uploaded), downloaded: UInt64(clamping: downloaded), left: left,
            isPartialSeed: isUploadOnly && left > 0,
            wantedPeers: min(200, max(0, core.limits.connectionsPerTorrent - active.peers.count)))
    }

    private func heard(_ report: TrackerReport) {
        note("\(report)")
        guard case .switched = report.news, isPrivate, isRunning else { return }
        book.forgetNamed()
        for peer in active.peers.values { peer.close(.trackerSwitched) }
    }

    // MARK: DHT

    /// Tells the DHT that we take part, and whether as a seed.
    func announceToDHT() {
        guard let dht = core.dht, !isPrivate else { return }
        for hash in swarmHashes { dht.announce(hash, port: core.identity.port, isSeed: have.isFull) }
    }

    private func startDHT() {
        guard let dht = core.dht, sources.isEmpty else { return }
        announceToDHT()
        let enter = entrance()
        for hash in swarmHashes {
            sources.append(
                Task {
                    for await peers in dht.peers(of: hash) {
                        enter { download in
                            for (scope, peers) in Dictionary(grouping: peers, by: \.address.scope) {
                                download.found(peers, namedFrom: scope, source: .dht)
                            }
                        }
                    }
                })
        }
    }

    // MARK: Peer exchange (BEP 11)

    func exchangePeers(now: ContinuousClock.Instant) {
        guard let due = exchange?.due(at: now), !isPrivate else { return }
        for number in due {
            guard let peer = active.peers[number], let id = peer.connection?.extensions.peerExchangeID,
                let message = exchange?.message(for: number, at: now)
            else { continue }
            peer.send(.extended(id: id, payload: message.encoded()[...]))
            peer.flush()
        }
    }
}

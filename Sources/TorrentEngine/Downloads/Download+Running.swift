import ByteCoding
import Logging
import Metainfo
import NIOCore

/// From adding to removing.
extension Download {
    /// The first step after adding.
    func begin(isPaused: Bool, source: TorrentToAdd.Source) {
        if case .magnet(let link) = source {
            found(link)
            core.dht?.add(link.dhtNodes, namedFrom: namedFrom)
        } else if let nodes = torrent?.nodes, !nodes.isEmpty, !isPrivate {
            core.dht?.add(nodes, namedFrom: namedFrom)
        }
        if isPaused { set(.paused) } else { start() }
    }

    /// Goes on: looks for metadata, checks the disk, or downloads, whichever is next.
    private func start() {
        run += 1
        isRunning = true
        core.startTicking()
        if scheduler != nil { return enterSwarm() }
        set(torrent == nil ? .waiting : .validating)
        loadState { self.stateLoaded($0) }
    }

    private func stateLoaded(_ saved: ResumeState?) {
        if let saved, saved.infoHash == hash { restoreTotals(saved) }
        if torrent == nil, let bytes = saved?.infoBytes, let found = try? Torrent(infoBytes: bytes), matches(bytes) {
            adopt(found, layers: saved?.pieceLayers ?? [:])
        }
        if torrent == nil {
            enterSwarm()
        } else {
            openContent(saved: saved)
        }
    }

    /// Becomes known to peers and looks for them.
    func enterSwarm() {
        guard isRunning else { return }
        register()
        if torrent == nil {
            fetch = fetch ?? MetadataFetch(version1: version1, version2: version2)
            set(.waiting)
        }
        if scheduler != nil { startHashFetch() }
        startSources()
        if scheduler != nil { goOn() }
        core.dialDue(now: .now)
    }

    /// Downloading, seeding, or done: whichever is true.
    func goOn() {
        guard isRunning, scheduler != nil else { return }
        retryUnverified()
        flushWhenFull()
        if !isUploadOnly {
            set(.downloading)
        } else if sharesWhenDone {
            set(.seeding)
        } else {
            return complete(.done)
        }
        roleChanged()
        settle()
    }

    /// Everything wanted has just become there.
    func finished() {
        guard state == .downloading || state == .validating else { return }
        if have.isFull {
            announcer?.completed()
            announceToDHT()
        } else if sharesWhenDone {
            announcer?.becamePartialSeed()
        }
        note("everything wanted is there")
        goOn()
        save(andSynchronize: true)
    }

    // MARK: Stopping

    func pause() {
        guard !isRemoved, state != .paused else { return }
        complete(.paused)
    }

    func resume() {
        guard !isRunning, !isRemoved else { return }
        if case .failed = state { storage?.reset() }
        spentWebSeeds = []
        start()
    }

    func recheck() {
        guard torrent != nil, !isRemoved else { return }
        leaveSwarm(.torrentStopped)
        buffers?.forgetAll()
        scheduler = nil
        buffers = nil
        unverified = []
        check = .full
        start()
    }

    /// Something that cannot be mended here has happened.
    func fail(_ error: StorageError) {
        guard isRunning else { return }
        if error.needsCheck {
            scheduler = nil
            buffers?.forgetAll()
            buffers = nil
            check = .full
        }
        fail("\(error)")
    }

    func fail(_ reason: String) {
        note("failed: \(reason)")
        core.logger.warning("torrent failed", metadata: ["hash": "\(hash)", "reason": "\(reason)"])
        complete(.failed(reason: reason))
        for reader in readers { reader.fail(.failed(reason: reason)) }
        readers = []
    }

    private func complete(_ state: TorrentState) {
        leaveSwarm(.torrentStopped)
        set(state)
        save(andSynchronize: state != .paused)
        if let storage { onHashers({ storage.closeFiles() }, then: { _ in }) }
    }

    /// Leaves peers and trackers. What is there stays there.
    private func leaveSwarm(_ reason: PeerCloseReason) {
        isRunning = false
        run += 1
        checkFlag?.set()
        for number in Array(webSeeds.keys) { dropWebSeed(number) }
        stopSources()
        unregister(reason)
        scheduler?.pause(true)
        hashFetch = nil
        book.restart(now: .now)
    }

    /// The torrent is not wanted any more. Returns what is to be awaited before its files are touched.
    func remove(isDeleting: Bool) -> @Sendable () async -> Void {
        isRemoved = true
        isDeleted = isDeleting
        defer { core.rates.remove(hash) }
        return end(.torrentRemoved, readersFail: .removed)
    }

    /// The engine stops. Returns what is to be awaited before it ends.
    func stop() -> @Sendable () async -> Void { end(.engineStopping, readersFail: .stopped) }

    /// Nothing more comes in from now on, so that the work under way comes to an end.
    private func end(_ reason: PeerCloseReason, readersFail error: EngineError) -> @Sendable () async -> Void {
        let farewell = farewell()
        leaveSwarm(reason)
        closeObservers()
        for reader in readers { reader.fail(error) }
        readers = []
        return farewell
    }

    // MARK: In the engine's tables

    private func register() {
        active.download = self
        active.choker.mode = isUploadOnly ? .seed : .leech
        core.active[hash] = active
        core.add(active.torrent)
    }

    private func unregister(_ reason: PeerCloseReason) {
        guard active.download != nil else { return }
        let peers = Array(active.peers.values)
        for peer in peers { left(peer, reason: reason, now: .now) }
        active.download = nil
        active.peers = [:]
        if active.file != nil { active.content = .closed }
        for peer in peers { peer.close(reason) }
        core.remove(hash)
    }

    func set(_ state: TorrentState) {
        guard state != self.state else { return }
        self.state = state
        isChanged = true
        note("state: \(state)")
        tellObservers()
    }
}

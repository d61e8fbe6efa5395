import NIOCore

/// The clock of the engine: it stands still while there is nothing to look after, so idle torrents cost no time.
extension EngineCore {
    func startTicking() {
        guard ticker == nil, !isStopping else { return }
        lastTick = .now
        let interval = TimeAmount(limits.tickInterval)
        let core = NIOLoopBound(self, eventLoop: eventLoop)
        ticker = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in core.value.tick() }
    }

    private func tick() {
        let now = ContinuousClock.now
        let elapsed = now - lastTick
        lastTick = now
        for peer in pending.values { peer.tick(now: now, elapsed: elapsed) }
        for (hash, torrent) in active {
            for peer in torrent.peers.values { peer.tick(now: now, elapsed: elapsed) }
            if torrent.isDealDue(now: now), !torrent.peers.isEmpty { torrent.assignSlots(now: now) }
            torrent.tickSuperSeeding(now: now)
            guard now - torrent.usedAt >= limits.fileIdleTimeout else { continue }
            if torrent.file != nil { torrent.content = .closed }
            if torrent.peers.isEmpty, torrent.download == nil { active[hash] = nil }
        }
        for download in downloads.all { download.tick(now: now) }
        dialDue(now: now)
        metrics.report(statistics)
        stopTickingWhenIdle()
    }

    private func stopTickingWhenIdle() {
        guard pending.isEmpty, active.isEmpty, leechers.isEmpty, downloads.isEmpty else { return }
        ticker?.cancel()
        ticker = nil
        buffers.drop()
    }
}

import Metainfo

/// How it stands, for those who look on.
extension Download {
    func status(now: ContinuousClock.Instant) -> TorrentStatus {
        var status = TorrentStatus(infoHash: hash, infoHashV2: version2, name: name, state: state)
        status.infoHashV2 = version2 ?? learnedVersion2
        status.hasMetadata = torrent != nil
        status.totalBytes = info?.contentLength ?? 0
        if let scheduler {
            status.wantedBytes = scheduler.wantedTotal
            status.doneBytes = scheduler.wantedTotal - scheduler.wantedLeft
            status.availability = scheduler.availability
            status.isUploadOnly = isUploadOnly
            status.progress =
                scheduler.wantedTotal > 0 ? Double(status.doneBytes) / Double(scheduler.wantedTotal) : 1
        }
        if let progress = recheckJob?.progress, progress.total > 0 {
            status.progress = Double(progress.checked) / Double(progress.total)
        }
        (status.downloaded, status.uploaded, status.wasted) = (downloaded, uploaded, wasted)
        status.downloadedEarlier = downloadedEarlier
        status.downloadRate = downMeter.rate(now: now)
        status.uploadRate = upMeter.rate(now: now)
        status.peers = active.peers.count
        status.seeds = active.peers.values.count { $0.connection?.have.isFull == true && $0.connection?.layout != nil }
        if state == .downloading, let left = scheduler?.wantedLeft, left > 0 {
            status.eta = downMeter.timeLeft(for: left, now: now)
        }
        return status
    }

    func observe(_ continuation: AsyncStream<TorrentStatus>.Continuation) {
        continuation.yield(status(now: .now))
        observers.append(continuation)
    }

    func tellObservers() {
        guard !observers.isEmpty else { return }
        let status = status(now: .now)
        observers.removeAll { observer in
            if case .terminated = observer.yield(status) { true } else { false }
        }
    }

    func closeObservers() {
        for observer in observers { observer.finish() }
        observers = []
    }
}

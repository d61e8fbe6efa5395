public import TrackerWire

extension AnnounceAnswer {
    /// Takes in what the same tracker answered over another address family: the shortest interval, the highest counts,
    /// all peers.
    public mutating func join(_ other: AnnounceAnswer) {
        interval = min(interval, other.interval)
        minInterval = minInterval.map { max($0, other.minInterval ?? 0) } ?? other.minInterval
        seeders = max(seeders, other.seeders)
        leechers = max(leechers, other.leechers)
        downloaded = downloaded.map { max($0, other.downloaded ?? 0) } ?? other.downloaded
        peers += other.peers
        warning = warning ?? other.warning
        trackerID = trackerID ?? other.trackerID
    }
}

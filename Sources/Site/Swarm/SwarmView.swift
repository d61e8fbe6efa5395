public import Metainfo

/// What the site needs to know of tracker and seeder. The application joins them to this protocol.
public protocol SwarmView: Sendable {
    /// Our own tracker's counts of a swarm, or nil when it does not know the torrent.
    func counts(_ hash: InfoHash) -> SwarmCounts?

    /// The torrents whose counts have changed, from now on: by our tracker or by what an outside one said. The same
    /// torrent may come several times. Ends when the consumer goes away; the site follows it once for all its pages.
    func changes() -> AsyncStream<InfoHash>

    /// The peers in a swarm, for the admin's list: those of the tracker and those our seeder talks to, one line each.
    func peers(_ hash: InfoHash) async -> [PeerLine]

    /// Bytes our seeder has sent of a torrent, ever: the stored total and what was sent since.
    func uploaded(_ hash: InfoHash) -> UInt64

    /// What the outside trackers said of a swarm; empty when none is configured.
    func trackers(_ hash: InfoHash) -> [TrackerReport]

    /// Whether torrents name our own tracker; false when only outside trackers are configured.
    func usesOwnTracker() -> Bool
}

extension SwarmView {
    /// Without outside trackers there are no reports.
    public func trackers(_ hash: InfoHash) -> [TrackerReport] { [] }

    /// Our own tracker, unless told otherwise.
    public func usesOwnTracker() -> Bool { true }
}

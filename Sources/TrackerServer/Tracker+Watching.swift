public import ByteCoding
public import Metainfo

/// What is going on in the swarms.
extension Tracker {
    /// The counts of a torrent; zeros for one that is not tracked.
    public func counts(_ hash: InfoHash) -> SwarmCounts { logic.store.counts(hash) ?? SwarmCounts() }

    /// Whether a torrent is tracked.
    public func isTracking(_ hash: InfoHash) -> Bool { logic.store.counts(hash) != nil }

    /// Sums over all torrents, which are kept up all the time: asking costs next to nothing.
    public func totals() -> TrackerTotals { logic.store.totals() }

    /// Counts as they change, from now on. A follower that is slow misses steps, never the latest counts; one that stops
    /// reading costs one entry per torrent at most.
    public func changes() -> AsyncStream<SwarmChange> {
        let mailbox = logic.changes.follow()
        let store = logic.store
        return AsyncStream {
            await mailbox.next().map { SwarmChange(hash: $0, counts: store.counts($0) ?? SwarmCounts()) }
        } onCancel: {
            mailbox.close()
        }
    }

    /// Leechers as they announce to torrents that the seeder of this process shares, so that it can dial them.
    public func leecherEvents() -> AsyncStream<(InfoHash, Endpoint)> { logic.leechers.listen() }

    /// Every address at which peers of a torrent announced themselves.
    public func peers(of hash: InfoHash) -> [SwarmPeer] {
        logic.store.swarm(hash)?.peers(now: logic.clock.seconds(), heads: logic.heads) ?? []
    }

    /// Completed downloads since the last call, to be added to a total that outlives the process.
    public func drainCompleted() -> [InfoHash: UInt64] { logic.store.collectCompleted() }

    /// One step of letting silent peers go, which `run` takes every two seconds; bounded.
    public func expire() { logic.expire(now: logic.clock.seconds()) }
}

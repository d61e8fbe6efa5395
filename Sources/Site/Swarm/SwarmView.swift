public import Metainfo

/// What the site needs to know of tracker and seeder. The application joins them to this protocol.
public protocol SwarmView: Sendable {
    /// The counts of a swarm, or nil when the tracker does not know the torrent.
    func counts(_ hash: InfoHash) -> SwarmCounts?

    /// Every change of the given swarms from now on, the latest of each; ends when the consumer goes away.
    func updates(for hashes: Set<InfoHash>) -> AsyncStream<(InfoHash, SwarmCounts)>

    /// The peers in a swarm, for the admin's list: those of the tracker and those our seeder talks to, one line each.
    func peers(_ hash: InfoHash) async -> [PeerLine]

    /// Bytes our seeder has sent of a torrent, ever: the stored total and what was sent since.
    func uploaded(_ hash: InfoHash) -> UInt64
}

public import Metainfo

/// What publishing needs of the seeder. The composition root adapts the engine to it.
///
/// Calls for one info hash come one after another, never in parallel, and may repeat.
public protocol Seeding: Sendable {
    /// Starts seeding, or goes on when it is seeded already. Must cost little: thousands are seeded at boot.
    func seed(_ torrent: PublishedTorrent) async
    /// Stops seeding and drops the peers. An unknown hash is no error.
    func stopSeeding(_ hash: InfoHash) async
}

/// What publishing needs of the tracker. Calls for one info hash come one after another and may repeat.
public protocol SwarmRegistry: Sendable {
    /// Tracks a torrent.
    ///
    /// - Parameters:
    ///   - alias: the other hash of a hybrid torrent (BEP 52): the same swarm.
    ///   - size: bytes of the content.
    ///   - completed: downloads finished so far, from the database.
    func allow(_ hash: InfoHash, alias: InfoHash?, size: Int64, completed: UInt64) async
    /// Refuses `hash`: for good when `removed` (taken down or deleted), else because BitTorrent is switched off.
    func refuse(_ hash: InfoHash, removed: Bool) async
}

public import Metainfo

/// A swarm as one node's tracker remembers it.
public struct SavedSwarm: Hashable, Sendable {
    /// The torrent.
    public let hash: InfoHash
    /// The tracker's own snapshot; empty when nobody is left.
    public let bytes: [UInt8]

    /// Makes a swarm to be saved.
    public init(hash: InfoHash, bytes: [UInt8]) {
        self.hash = hash
        self.bytes = bytes
    }
}

/// A swarm that was saved before.
public struct KeptSwarm: Hashable, Sendable {
    /// The torrent.
    public let hash: InfoHash
    /// Who saved it.
    public let node: String
    /// The tracker's own snapshot.
    public let bytes: [UInt8]
    /// Seconds since it was saved, by the database's clock; never negative.
    public let age: Int
}

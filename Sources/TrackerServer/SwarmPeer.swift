public import ByteCoding

/// One address at which a client of a swarm announced itself.
public struct SwarmPeer: Hashable, Sendable {
    /// Where it takes connections: the announce's source address with the port it named.
    public let endpoint: Endpoint
    /// Whether it has everything.
    public let isSeeder: Bool
    /// Whether it wants no more than the part it has (BEP 21).
    public let isPartialSeed: Bool
    /// Seconds since its last announce.
    public let silentFor: Int
    /// The first eight characters of its peer id, which name program and version (BEP 20); empty when they are no text.
    public let client: String
    /// How much of the torrent it has, 0...1; nil when the torrent's size or what it has is not known.
    public let progress: Double?
    /// Bytes it says it has sent to peers since it started, rounded down by at most a sixty-fourth.
    public let uploaded: UInt64
    /// Bytes it says it has received from peers since it started, rounded down by at most a sixty-fourth.
    public let downloaded: UInt64
}

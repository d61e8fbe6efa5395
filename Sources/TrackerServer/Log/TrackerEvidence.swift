/// What the tracker has seen that speaks for its being reached.
public struct TrackerEvidence: Hashable, Sendable {
    /// An announce that reached the tracker.
    public struct Sighting: Hashable, Sendable {
        /// How many seconds ago it was.
        public let seconds: Int
        /// How it came.
        public let transport: TrackerTransport
    }

    /// The last announce at all; nil when there was none since the start.
    public var lastAnnounce: Sighting?
    /// The last announce that came from a public address: proof that the tracker is reached from outside.
    public var lastPublicAnnounce: Sighting?
    /// Announces a second, over the last minute.
    public var announcesPerSecond: Double
}

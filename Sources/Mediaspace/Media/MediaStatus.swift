/// How things stand with one film or folder of a space.
public struct MediaStatus: Hashable, Sendable, Codable, Identifiable {
    /// The id: its info hash.
    public let id: MediaID
    /// Its name; nil while a magnet's metadata is not known.
    public var name: String?
    /// What is being done with it.
    public var state: MediaState
    /// Whether it takes part in the swarm (or is about to).
    public var isActive = true
    /// Whether its files and pieces are known.
    public var hasMetadata = true
    /// Bytes wanted, of `totalBytes`.
    public var wantedBytes: Int64 = 0
    /// Bytes of these that are here and checked.
    public var doneBytes: Int64 = 0
    /// Bytes it has in all.
    public var totalBytes: Int64 = 0
    /// The share of the wanted bytes that is here, 0...1.
    public var progress = 0.0
    /// Content bytes received, bad ones included, over all runs of which the state was kept.
    public var downloaded: Int64 = 0
    /// Of these, the ones received before it was activated.
    public var downloadedEarlier: Int64 = 0
    /// Content bytes sent, over all runs of which the state was kept.
    public var uploaded: Int64 = 0
    /// Bytes received that were of no use.
    public var wasted: Int64 = 0
    /// Bytes a second coming in.
    public var downloadRate = 0.0
    /// Bytes a second going out.
    public var uploadRate = 0.0
    /// Connected peers.
    public var peers = 0
    /// Those of them that have everything.
    public var seeds = 0
    /// How many whole copies the connected peers hold together.
    public var availability = 0.0
    /// How long the rest will take at the present rate; nil when that cannot be said.
    public var eta: Duration?

    /// A status of nothing known but a state.
    public init(id: MediaID, name: String? = nil, state: MediaState) {
        self.id = id
        self.name = name
        self.state = state
    }

    /// Whether everything that was wanted is here.
    public var isComplete: Bool { state == .done || state == .seeding }
}

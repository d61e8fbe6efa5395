import ByteCoding
import Metainfo

/// What a space needs of the engine below it. Calls about an id that the engine does not know do nothing.
protocol Swarm: Sendable {
    /// Opens the peer port and returns its number.
    func start() async throws(SpaceError) -> Int
    /// Says goodbye to peers and trackers and saves what there is to save.
    func stop() async
    /// Begins with a torrent.
    func add(_ addition: SwarmAddition) async throws(SpaceError)
    /// Stops a torrent; its state is saved.
    func remove(_ id: MediaID) async
    /// Changes what is wanted of a torrent.
    func want(_ part: MediaPart, of id: MediaID) async
    /// Stops a torrent for a while.
    func pause(_ id: MediaID) async
    /// Goes on with a torrent that was paused.
    func resume(_ id: MediaID) async
    /// Adds peers named by the user.
    func addPeers(_ peers: [Endpoint], to id: MediaID) async
    /// Limits one torrent, in bytes a second.
    func setLimits(_ limits: RateLimit, of id: MediaID) async
    /// How a torrent stands; nil for one it does not know.
    func status(of id: MediaID) async -> MediaStatus?
    /// The same, now and at each change; ends when the torrent is removed.
    func changes(of id: MediaID) -> AsyncStream<MediaStatus>
    /// The torrent, once its metadata is known.
    func torrent(of id: MediaID) async -> Torrent?
    /// How many bytes the pieces have that hold any of these and are not here; nil while that is not known.
    func missingBytes(in ranges: [Range<Int64>], of id: MediaID) async -> Int64?
    /// Returns when these bytes are on the disk and checked; they are wanted before all others meanwhile.
    func fetch(_ range: Range<Int64>, of id: MediaID) async throws(SpaceError)
}

/// What the engine is told of a torrent.
struct SwarmAddition: Sendable {
    var source: SpaceFolder.Known
    var folder: String
    var stateFile: String
    var part: MediaPart
    var check: Hold.Check
    var peers: [Endpoint] = []
    var limits = RateLimit()
    var shares: Bool
}

/// The most bytes a second one torrent moves; nil for no limit of its own.
struct RateLimit: Sendable, Hashable, Codable {
    var down: Int?
    var up: Int?
}

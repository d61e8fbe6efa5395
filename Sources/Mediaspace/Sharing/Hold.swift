import ByteCoding

/// One process's wish that a film or folder be active: what it wants of it, and how.
///
/// A torrent is active while any process holds it, and what is wanted is what all of them want together.
struct Hold: Sendable, Hashable, Codable {
    /// How what lies on the disk is looked at first.
    enum Check: String, Sendable, Codable {
        case asSaved, full, trusted
    }

    var id: MediaID
    var part = MediaPart.whole
    /// Whether clips have a part in this.
    var hasClips = false
    /// What clips need of it, before all else.
    var clips: [ByteSpan] = []
    /// Whether a clip will need more soon.
    var isGrowing = false
    /// Numbers of the files wanted (BEP 53), turned into bytes once the metadata is known.
    var files: [Int]?
    /// Whether it is seeded when everything wanted is here.
    var shares = true
    /// Whether it may only be seeded: content that is not whole fails instead of being downloaded.
    var onlySeeds = false
    /// The folder of the content where the space knows none yet; nil for the directory itself.
    var folder: String?
    var check = Check.asSaved
    /// Peers to begin with.
    var peers: [String] = []
    var limits = RateLimit()
    /// The .torrent beside the content that asked for this.
    var torrentBeside: String?

    /// Whether it is for clips alone: then nothing else that is remembered of the torrent changes.
    var isForClips: Bool { hasClips && part == .nothing && files == nil }

    var endpoints: [Endpoint] { peers.compactMap { Endpoint($0) } }
}

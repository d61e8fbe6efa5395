public import ByteCoding

/// What is wanted by a `get`, and how.
public struct GetOptions: Sendable {
    /// Which part; the whole by default. A part by seconds is got by `Space.get(_:clip:to:)`.
    public var part: MediaPart
    /// The folder for the content; the space's directory when nil. The torrent's name is added to it.
    public var folder: String?
    /// Whether the content stays out of sight, in the space's own folder, until it is brought out with `deliver`.
    public var isHidden = false
    /// Whether it is seeded when everything wanted is here; else it leaves the swarm then.
    public var sharesWhenDone = true
    /// Peers to begin with, dialled wherever they are.
    public var peers: [Endpoint] = []
    /// The most bytes a second that come in; nil for no limit of its own.
    public var downloadLimit: Int?
    /// The most bytes a second that go out; nil for no limit of its own.
    public var uploadLimit: Int?

    /// Everything, into the space's directory.
    public init(part: MediaPart = .whole, folder: String? = nil) {
        self.part = part
        self.folder = folder
    }
}

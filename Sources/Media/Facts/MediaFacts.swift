/// What a film or sound is, as found by our own probe: everything a page shows about the file.
public struct MediaFacts: Codable, Equatable, Sendable {
    /// The container's common name: `mp4`, `mov`, `matroska`, `webm`, `avi`, `mpegts`, `mpeg`, `flv`, `asf`, `ogg`,
    /// `mp3`, `wav`, `flac` or `aac`.
    public var container: String
    /// The type the file is served with, fixed by the container and what it carries: `video/mp4`, `audio/flac` ...
    public var mediaType: String
    /// The usual extension of such a file, without a dot: `mp4`, `mkv`, `wmv`, `m4a` ...
    public var fileExtension: String
    /// Seconds; nil when the file does not tell.
    public var duration: Double?
    /// Bits per second of the whole file; nil when the duration is not known.
    public var bitRate: Int?
    /// Pixels as displayed, rotation and pixel shape applied; nil for sounds.
    public var width: Int?
    /// Pixels as displayed, rotation and pixel shape applied; nil for sounds.
    public var height: Int?
    /// The title the file gives itself; text from a stranger, at most 200 characters.
    public var title: String?
    /// The artist or author the file names; text from a stranger, at most 200 characters.
    public var artist: String?
    /// All streams, in the container's order; at most 32.
    public var streams: [StreamFacts]
    /// Whether there is a moving picture.
    public var isVideo: Bool
    /// Whether there is sound only.
    public var isAudio: Bool
    /// A hint from container and codecs whether common browsers play the file; the page lets the browser decide.
    public var playableInBrowser: Bool

    /// Facts from their parts.
    public init(
        container: String, mediaType: String, fileExtension: String, duration: Double?, bitRate: Int?, width: Int?,
        height: Int?, title: String?, artist: String?, streams: [StreamFacts], isVideo: Bool, isAudio: Bool,
        playableInBrowser: Bool
    ) {
        self.container = container
        self.mediaType = mediaType
        self.fileExtension = fileExtension
        self.duration = duration
        self.bitRate = bitRate
        self.width = width
        self.height = height
        self.title = title
        self.artist = artist
        self.streams = streams
        self.isVideo = isVideo
        self.isAudio = isAudio
        self.playableInBrowser = playableInBrowser
    }
}

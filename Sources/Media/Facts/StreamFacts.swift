/// What one stream of a film is.
public struct StreamFacts: Codable, Equatable, Sendable {
    /// What a stream carries; `picture` is a still one, such as cover art.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case video, audio, subtitle, picture, other
    }

    /// What the stream carries.
    public var kind: Kind
    /// libav's name of the codec: `h264`, `aac`, `av1` ...; `none` when unknown.
    public var codec: String
    /// Whether a decoder of the allow-list shows it; only then are there thumbnails of it.
    public var isDecodable: Bool
    /// The language as the file says it, mostly ISO 639-2 (`eng`); at most 16 characters.
    public var language: String?
    /// Sound channels; nil unless sound.
    public var channels: Int?
    /// Samples per second; nil unless sound.
    public var sampleRate: Int?
    /// Pixels as displayed; nil unless picture.
    public var width: Int?
    /// Pixels as displayed; nil unless picture.
    public var height: Int?
    /// Pictures per second, on average; nil unless moving picture, or unknown.
    public var frameRate: Double?
    /// Bits per second; nil when the file does not tell.
    public var bitRate: Int?
    /// Whether players choose this stream unasked.
    public var isDefault: Bool

    /// Facts from their parts.
    public init(
        kind: Kind, codec: String, isDecodable: Bool, language: String? = nil, channels: Int? = nil,
        sampleRate: Int? = nil, width: Int? = nil, height: Int? = nil, frameRate: Double? = nil, bitRate: Int? = nil,
        isDefault: Bool = false
    ) {
        self.kind = kind
        self.codec = codec
        self.isDecodable = isDecodable
        self.language = language
        self.channels = channels
        self.sampleRate = sampleRate
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.bitRate = bitRate
        self.isDefault = isDefault
    }
}

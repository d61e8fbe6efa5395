public import ClipIndex

/// What a worker reports about a file: only what it alone can know.
///
/// The media type and whatever else decides how a file is served are derived from it on the asking side, so that a
/// worker taken over by a hostile file cannot have the file served as something else.
public struct ReportedFacts: Equatable, Sendable {
    /// The container.
    public var container: Container
    /// Microseconds; nil when not known.
    public var duration: UInt64?
    /// Bits per second; nil when not known.
    public var bitRate: UInt64?
    /// The title tag.
    public var title: String?
    /// The artist tag.
    public var artist: String?
    /// The streams.
    public var streams: [StreamFacts]

    static let streamLimit = 32
    static let textLimit = 200

    /// A report from its parts.
    public init(
        container: Container, duration: UInt64?, bitRate: UInt64?, title: String?, artist: String?,
        streams: [StreamFacts]
    ) {
        self.container = container
        self.duration = duration
        self.bitRate = bitRate
        self.title = title
        self.artist = artist
        self.streams = streams
    }

    /// The report as a worker's result.
    public func encoded() -> [UInt8] {
        var writer = VarintWriter()
        writer.write(UInt64(Container.allCases.firstIndex(of: container) ?? 0))
        writer.write(optional: duration)
        writer.write(optional: bitRate)
        writer.write(text: title)
        writer.write(text: artist)
        let sent = streams.prefix(Self.streamLimit)
        writer.write(UInt64(sent.count))
        for stream in sent { stream.write(to: &writer) }
        return writer.bytes
    }

    /// Reads a report, as strictly as if a stranger had sent it.
    public init(decoding bytes: [UInt8]) throws(FilmIndexError) {
        var reader = VarintReader(bytes)
        container = try reader.readCase(of: Container.allCases)
        duration = try reader.readOptional()
        bitRate = try reader.readOptional()
        title = try reader.readText(upTo: Self.textLimit)
        artist = try reader.readText(upTo: Self.textLimit)
        streams = []
        for _ in 0..<(try reader.readCount(upTo: Self.streamLimit, bytesEach: 10)) {
            streams.append(try StreamFacts(reading: &reader))
        }
        guard reader.remaining == 0 else { throw .wrongLength }
    }
}

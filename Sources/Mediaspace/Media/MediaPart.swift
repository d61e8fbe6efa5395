/// Which part of a film or folder is wanted: the whole of it, or some of its bytes.
///
/// A part by seconds is a clip of its own: `Space.get(_:clip:to:)`.
public struct MediaPart: Hashable, Sendable, Codable {
    /// The wanted bytes, sorted and apart from one another; nil for all.
    let spans: [ByteSpan]?
    /// Whether the bytes are fetched one after the other, for a player that reads along, and not the rarest first.
    public var inOrder: Bool
    /// Bytes wanted before all others, one after the other: those of clips. Part of no record.
    var urgent: [ByteSpan] = []
    /// Whether more will be wanted soon. Part of no record.
    var isGrowing = false

    private enum CodingKeys: String, CodingKey { case spans, inOrder }

    /// Everything, the rarest pieces first: best for the swarm.
    public static let whole = MediaPart(spans: nil, inOrder: false)
    /// No bytes: the metadata alone.
    public static let nothing = MediaPart(spans: [], inOrder: false)

    /// Bytes counted from the first of the torrent (of several files: as if they stood one after the other). What lies
    /// behind the end is ignored. Pieces are fetched whole, so that a little more than asked arrives.
    public static func bytes(_ range: Range<Int64>, inOrder: Bool = true) -> MediaPart {
        bytes([range], inOrder: inOrder)
    }

    /// Several runs of bytes.
    public static func bytes(_ ranges: [Range<Int64>], inOrder: Bool = true) -> MediaPart {
        MediaPart(spans: ByteSpan.joined(ranges.map(ByteSpan.init)), inOrder: inOrder)
    }

    /// The bytes of both.
    func union(_ other: MediaPart) -> MediaPart {
        var both = MediaPart(spans: nil, inOrder: inOrder || other.inOrder)
        if let spans, let others = other.spans {
            both = MediaPart(spans: ByteSpan.joined(spans + others), inOrder: both.inOrder)
        }
        both.urgent = ByteSpan.joined(urgent + other.urgent)
        both.isGrowing = isGrowing || other.isGrowing
        return both
    }

    /// Whether all bytes of another part are in this one.
    func contains(_ other: MediaPart) -> Bool {
        guard let spans = lasting.spans else { return true }
        guard let others = other.lasting.spans else { return false }
        let own = ByteSpan.joined(spans)
        return ByteSpan.joined(others).allSatisfy { part in
            own.contains { $0.start <= part.start && part.end <= $0.end }
        }
    }

    /// The same without haste, as it is remembered.
    var lasting: MediaPart {
        guard let spans, !urgent.isEmpty else { return MediaPart(spans: spans, inOrder: inOrder) }
        return MediaPart(spans: ByteSpan.joined(spans + urgent), inOrder: inOrder || spans.isEmpty)
    }

    /// The ranges within `length` bytes: one of everything for the whole.
    func ranges(within length: Int64) -> [Range<Int64>] {
        guard let spans = lasting.spans else { return length > 0 ? [0..<length] : [] }
        return spans.map { $0.range.clamped(to: 0..<length) }.filter { !$0.isEmpty }
    }
}

/// A run of bytes as it travels between processes: never negative, its end never before its start.
struct ByteSpan: Hashable, Sendable, Codable {
    let start: Int64
    let end: Int64

    var range: Range<Int64> { start..<end }

    init(_ range: Range<Int64>) {
        start = max(0, range.lowerBound)
        end = max(start, range.upperBound)
    }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let start = max(0, try container.decode(Int64.self))
        self.start = start
        end = max(start, try container.decode(Int64.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(start)
        try container.encode(end)
    }

    /// The same bytes in as few runs as can be, sorted.
    static func joined(_ spans: [ByteSpan]) -> [ByteSpan] {
        var result: [ByteSpan] = []
        for span in spans.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) where span.end > span.start {
            if let last = result.last, span.start <= last.end {
                result[result.count - 1] = ByteSpan(last.start..<max(last.end, span.end))
            } else {
                result.append(span)
            }
        }
        return result
    }
}

/// Makes a film index of packets that come in any order; memory grows with the film's seconds and key frames, never
/// with its packets, and has a ceiling.
public struct FilmIndexBuilder: Sendable {
    /// The most buckets a stream may have; beyond them close neighbours become one.
    public static let bucketCeiling = 32_768
    /// Times further from zero than this (about 140 years, in microseconds) are taken for damage and left out.
    static let timeCeiling: Int64 = 1 << 52

    private var streams: [StreamIndexBuilder]

    /// A builder for streams of these kinds; packets name them by position.
    public init(kinds: [StreamKind]) {
        streams = kinds.map(StreamIndexBuilder.init)
    }

    /// Adds one packet. A packet of an unknown stream, of an impossible time or of no bytes is left out.
    public mutating func add(_ packet: FilmPacket) {
        guard streams.indices.contains(packet.stream), packet.end > packet.offset else { return }
        guard packet.time.magnitude < UInt64(Self.timeCeiling) else { return }
        streams[packet.stream].add(packet)
    }

    /// Adds a stream that shows up after others have begun, as in MPEG streams.
    public mutating func addStream(_ kind: StreamKind) {
        streams.append(StreamIndexBuilder(kind: kind))
    }

    /// How many streams there are.
    public var streamCount: Int { streams.count }

    /// The index of all packets added so far.
    ///
    /// Its time zero is the earliest packet's where the container's timeline starts later than zero or more than a
    /// second before it; else the timeline's own zero, so that priming samples stay before the start.
    public func build(headerRanges: [Range<UInt64>] = []) -> FilmIndex {
        let earliest = streams.compactMap(\.earliest).min() ?? 0
        let origin = earliest > 0 || earliest < -1_000_000 ? earliest : 0
        let latest = streams.compactMap(\.latest).max() ?? origin
        return FilmIndex(
            streams: streams.map { $0.build(origin: origin) }, headerRanges: FilmIndex.joined(headerRanges),
            duration: max(0, latest - origin))
    }
}

extension FilmIndex {
    /// `ranges` in rising order with overlapping and touching ones made one, and empty ones gone.
    static func joined(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
        var joined: [Range<UInt64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }
}

/// Makes a film index of packets that come in any order; memory grows with the film's seconds and key frames, never
/// with its packets, and has a ceiling.
public struct FilmIndexBuilder: Sendable {
    /// The most buckets a stream may have; beyond them close neighbours become one.
    public static let bucketCeiling = 32_768
    /// How long a caption of unknown duration is taken to be shown, in microseconds, unless another one comes.
    public static let unknownCaption: Int64 = 10_000_000
    /// How long a caption is taken to be shown at most, in microseconds: a clip looks for it no further back.
    public static let longestCaption: Int64 = 60_000_000
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
    /// - Parameters:
    ///   - headerRanges: in any order; beyond 64 of them the bytes between those closest to each other are taken too.
    ///   - access: how a reader gets at the packets.
    ///   - origin: the container's own time, in microseconds, at which the film's time zero lies. By itself that is the
    ///     earliest packet's where the timeline starts later than zero or more than a second before it; else the
    ///     timeline's own zero, so that priming samples stay before the start.
    public func build(
        headerRanges: [Range<UInt64>] = [], access: FilmAccess = .tables, origin given: Int64? = nil
    ) -> FilmIndex {
        let earliest = streams.compactMap(\.earliest).min() ?? 0
        let own = earliest > 0 || earliest < -1_000_000 ? earliest : 0
        let origin = given.flatMap { $0.magnitude < UInt64(Self.timeCeiling) ? $0 : nil } ?? own
        let tables = streams.map { $0.build(origin: origin, access: access) }
        let ending = streams.compactMap(\.ending).max() ?? origin
        return FilmIndex(
            streams: tables, headerRanges: Self.readable(headerRanges),
            duration: max(0, ending - origin), origin: origin, access: access)
    }

    /// As many ranges as readers take: where there are more, those closest to each other become one.
    private static func readable(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
        let apart = FilmIndex.joined(ranges)
        let limit = FilmIndexLimits.standard.headerRanges
        guard apart.count > limit else { return apart }
        let gaps = zip(apart, apart.dropFirst()).map { $1.lowerBound - $0.upperBound }.sorted(by: >)
        return FilmIndex.joined(apart, gapsUnder: gaps[limit - 1] + 1)
    }
}

extension FilmIndex {
    /// `ranges` in rising order with overlapping and touching ones made one, and empty ones gone; those with fewer than
    /// `gap` bytes between them become one too.
    static func joined(_ ranges: [Range<UInt64>], gapsUnder gap: UInt64 = 0) -> [Range<UInt64>] {
        var joined: [Range<UInt64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = joined.last,
                range.lowerBound <= last.upperBound || range.lowerBound - last.upperBound < gap
            {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }
}

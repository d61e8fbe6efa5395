/// Where the moments of a film lie in its file: per stream a table from time to bytes.
///
/// A clip [start, end) of a stream lies in [low, high), where `low` is that of the last bucket at or before `start`
/// (a key bucket, for video) and `high` that of the first bucket at or after `end`.
public struct FilmIndex: Sendable, Equatable {
    /// One table per stream, in the container's order; empty for streams without packets.
    public var streams: [StreamIndex]
    /// What a demuxer has to read before any packet, in rising order, apart from each other.
    public var headerRanges: [Range<UInt64>]
    /// Microseconds from the first to the last moment of any stream.
    public var duration: Int64

    /// An index from its parts; the caller keeps the order of buckets and ranges.
    public init(streams: [StreamIndex], headerRanges: [Range<UInt64>], duration: Int64) {
        self.streams = streams
        self.headerRanges = headerRanges
        self.duration = duration
    }
}

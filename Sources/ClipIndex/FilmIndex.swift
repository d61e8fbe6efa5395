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
    /// Microseconds on the container's own timeline at which the film's time zero lies.
    public var origin: Int64
    /// How a reader gets at the packets.
    public var access: FilmAccess

    /// An index from its parts; the caller keeps the order of buckets and ranges.
    public init(
        streams: [StreamIndex], headerRanges: [Range<UInt64>], duration: Int64, origin: Int64 = 0,
        access: FilmAccess = .tables
    ) {
        self.streams = streams
        self.headerRanges = headerRanges
        self.duration = duration
        self.origin = origin
        self.access = access
    }

    /// Whether everything it names lies in a file of `length` bytes. An index that came with a torrent may name any.
    public func fits(fileLength length: UInt64) -> Bool {
        headerRanges.allSatisfy { $0.upperBound <= length }
            && streams.allSatisfy { stream in
                stream.buckets.last.map { $0.low <= length && $0.high <= length } ?? true
            }
    }
}

/// Which bytes of a film's file hold a clip.
///
/// All that is needed to make the clip: the header ranges, and of each stream what lies between the key frame before
/// the clip and its end. More may lie in the ranges, nothing is missing.
public struct ClipPlan: Sendable, Equatable {
    /// What was asked for; the end not after the film's.
    public let interval: ClipInterval
    /// Microseconds at which the media begins: the video key frame at or before the start (a film's first one, where
    /// none is before); for sound the packet. A thinned index may give an earlier one than there is.
    public let actualStart: Int64
    /// What a demuxer reads before any packet: rising, apart.
    public let headerRanges: [Range<UInt64>]
    /// Where the packets lie: rising, apart. One range where the film is read in one go (`FilmAccess`).
    public let mediaRanges: [Range<UInt64>]
    /// Microseconds at which the first bucket lies that is read: the time of the first packet, if that carries none.
    public let mediaStart: Int64

    /// All ranges, rising and apart.
    public var ranges: [Range<UInt64>] { FilmIndex.joined(headerRanges + mediaRanges) }

    /// How many bytes `ranges` have.
    public var byteCount: UInt64 { ranges.reduce(0) { $0 &+ ($1.upperBound - $1.lowerBound) } }

    /// The pieces in which the ranges lie; what lies outside the file is left out.
    public func pieces(_ grid: PieceGrid) -> ClipPieces { ClipPieces(ranges, on: grid) }
}

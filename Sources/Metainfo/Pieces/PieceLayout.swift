/// How a torrent's bytes are cut into pieces: all as long as `pieceLength` but the last, and in version 2 alone but the
/// last of each file, behind which a gap reaches to the next piece (BEP 52).
/// What a peer asks for is checked here once, against this.
public struct PieceLayout: Hashable, Sendable {
    /// Where the last piece ends, gaps between files counted.
    public let totalLength: Int64
    /// How many bytes a piece has; the last may have fewer.
    public let pieceLength: Int
    /// How many pieces there are; none for no bytes.
    public let pieceCount: Int

    /// The lengths of the pieces before the last that are not whole.
    private let shortPieces: [PieceIndex: Int]

    /// Throws `badPieceLength` for a length below 1 byte, `badLength` for a negative total, and `tooManyPieces`
    /// when the pieces could not be numbered by 31 bits.
    ///
    /// - Parameter shortPieces: the lengths of pieces at whose end a gap begins; those out of bounds count as whole.
    public init(
        totalLength: Int64, pieceLength: Int, shortPieces: [PieceIndex: Int] = [:]
    ) throws(MetainfoError) {
        guard pieceLength > 0 else { throw .badPieceLength }
        guard totalLength >= 0 else { throw .badLength }
        let (whole, rest) = totalLength.quotientAndRemainder(dividingBy: Int64(pieceLength))
        guard whole < Int64(Int32.max) else { throw .tooManyPieces }
        self.totalLength = totalLength
        self.pieceLength = pieceLength
        pieceCount = Int(whole) + (rest > 0 ? 1 : 0)
        self.shortPieces = shortPieces.filter { (1..<pieceLength).contains($1) }
    }

    /// How many bytes a piece has; nil when there is no such piece.
    public func length(of piece: PieceIndex) -> Int? {
        guard let start = offset(of: piece) else { return nil }
        let length = Int(min(Int64(pieceLength), totalLength - start))
        guard !shortPieces.isEmpty, let short = shortPieces[piece] else { return length }
        return min(short, length)
    }

    /// Where a piece begins; nil when there is no such piece.
    public func offset(of piece: PieceIndex) -> Int64? {
        guard Int(piece.rawValue) < pieceCount else { return nil }
        return Int64(piece.rawValue) * Int64(pieceLength)
    }

    /// The bytes a peer names by piece, offset and length; nil when they are not wholly inside one piece, or are none,
    /// or are more than `limit`.
    public func block(piece: UInt32, begin: UInt32, length: UInt32, limit: Int) -> BlockRange? {
        guard length > 0, Int64(length) <= Int64(limit), let start = offset(of: PieceIndex(piece)),
            let pieceBytes = self.length(of: PieceIndex(piece)), Int64(begin) + Int64(length) <= Int64(pieceBytes)
        else { return nil }
        return BlockRange(offset: start + Int64(begin), length: Int(length))
    }

    /// The pieces that hold any of these bytes; nil when the range is empty or not within the torrent.
    public func pieces(covering bytes: Range<Int64>) -> ClosedRange<PieceIndex>? {
        guard !bytes.isEmpty, bytes.lowerBound >= 0, bytes.upperBound <= totalLength else { return nil }
        let first = UInt32(truncatingIfNeeded: bytes.lowerBound / Int64(pieceLength))
        let last = UInt32(truncatingIfNeeded: (bytes.upperBound - 1) / Int64(pieceLength))
        return PieceIndex(first)...PieceIndex(last)
    }

    /// The piece length for new torrents: 256 KiB up to 512 MiB, above that the smallest power of two that makes fewer
    /// than 2,000 pieces, but at most 16 MiB.
    public static func recommendedPieceLength(forTotalLength length: Int64) -> Int {
        let smallest = 256 << 10
        guard length > 512 << 20 else { return smallest }
        var pieceLength = smallest
        while pieceLength < 16 << 20, (length - 1) / Int64(pieceLength) + 1 >= 2000 { pieceLength *= 2 }
        return pieceLength
    }
}

/// Bytes of a torrent that have been checked to lie inside one piece.
public struct BlockRange: Hashable, Sendable {
    /// Where they begin, counted from the torrent's first byte.
    public let offset: Int64
    /// How many they are, at least 1.
    public let length: Int
}

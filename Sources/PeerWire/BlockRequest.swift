public import Metainfo

/// A part of a piece as peers name it. Nothing about it is checked; `PieceLayout.block` does that.
public struct BlockRequest: Hashable, Sendable {
    /// The piece.
    public var piece: PieceIndex
    /// The first byte, counted from the piece's.
    public var begin: UInt32
    /// How many bytes.
    public var length: UInt32

    /// A block by its place.
    public init(piece: PieceIndex, begin: UInt32, length: UInt32) {
        self.piece = piece
        self.begin = begin
        self.length = length
    }
}

import Metainfo

/// An unfinished piece of which some blocks of 16 KiB are in the files, unchecked.
struct PartialPiece: Hashable, Sendable {
    /// The piece.
    let piece: PieceIndex
    /// Which of its blocks are there.
    let blocks: Bitfield
}

public import Metainfo

/// A message as `PeerMessageFraming.next(in:at:)` finds it. The data of a block stays where it lies, so that it is
/// copied once: to where it is wanted.
public enum PeerFrame: Hashable, Sendable {
    /// Any message but a block.
    case message(PeerMessage)
    /// A block, and at which bytes of the chunk its data lies.
    case block(piece: PieceIndex, begin: UInt32, data: Range<Int>)
    /// A block that came in several chunks: its data is read with `withHeldBlock` before the next call.
    case heldBlock(piece: PieceIndex, begin: UInt32, length: Int)
}

import Metainfo
import NIOCore

/// A block of a piece as a web seed sent it, cut where peers are asked for blocks.
struct WebSeedBlock: Sendable {
    /// The piece.
    let piece: PieceIndex
    /// Where in the piece the block begins.
    let begin: UInt32
    /// Its bytes, at most 16 KiB; a slice of what was received.
    let bytes: ByteBuffer
}

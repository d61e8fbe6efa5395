import Metainfo
import NIOCore

/// Cuts a stream of bytes into the blocks of pieces, without copying more than the ends of what arrives. Pure.
struct BlockCutter: Sendable {
    /// How many bytes a block has; the last of a piece may have fewer.
    static let blockBytes = 16 << 10
    private let layout: PieceLayout
    private let end: Int64
    /// Where the next byte goes.
    private(set) var offset: Int64
    /// The beginning of a block whose end has not arrived.
    private var rest = ByteBuffer()

    /// For the bytes of a torrent that `range` names, in order.
    init(layout: PieceLayout, range: Range<Int64>) {
        self.layout = layout
        offset = range.lowerBound
        end = min(range.upperBound, layout.totalLength)
    }

    /// How many bytes of the range have not arrived.
    var missing: Int64 { max(0, end - offset - Int64(rest.readableBytes)) }

    /// Takes in what arrived and appends the blocks that are whole now. Bytes beyond the range are left out.
    mutating func take(_ part: ByteBuffer, into blocks: inout [WebSeedBlock]) {
        var part = part
        if Int64(part.readableBytes) > missing {
            part = part.getSlice(at: part.readerIndex, length: Int(missing)) ?? part
        }
        while part.readableBytes > 0 {
            guard let block = nextBlock() else { return }
            let needed = block.length - rest.readableBytes
            guard part.readableBytes >= needed else {
                if rest.readableBytes == 0 { rest = ByteBuffer() }
                rest.writeBuffer(&part)
                return
            }
            guard var bytes = part.readSlice(length: needed) else { return }
            if rest.readableBytes > 0 {
                rest.writeBuffer(&bytes)
                bytes = rest
                rest = ByteBuffer()
            }
            blocks.append(WebSeedBlock(piece: block.piece, begin: block.begin, bytes: bytes))
            offset += Int64(block.length)
        }
    }

    /// Takes in bytes that are all zero.
    mutating func takeZeros(_ count: Int64, into blocks: inout [WebSeedBlock]) {
        var left = min(count, missing)
        while left > 0 {
            let length = Int(min(left, Int64(Self.blockBytes)))
            take(ByteBuffer(repeating: 0, count: length), into: &blocks)
            left -= Int64(length)
        }
    }

    /// Forgets the beginning of a block whose end did not come.
    mutating func dropRest() { rest = ByteBuffer() }

    /// The block at `offset`: up to the next multiple of 16 KiB in its piece, the piece's end or the range's.
    private func nextBlock() -> (piece: PieceIndex, begin: UInt32, length: Int)? {
        guard offset >= 0, offset < end, let piece = layout.pieces(covering: offset..<offset + 1)?.lowerBound,
            let start = layout.offset(of: piece), let pieceLength = layout.length(of: piece)
        else { return nil }
        let begin = Int(offset - start)
        let blockEnd = min((begin / Self.blockBytes + 1) * Self.blockBytes, pieceLength)
        return (piece, UInt32(truncatingIfNeeded: begin), min(blockEnd - begin, Int(min(end - offset, 1 << 30))))
    }
}

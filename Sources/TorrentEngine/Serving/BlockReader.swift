import CLinux
import Glibc
import Metainfo
import NIOCore
import PeerWire

/// Reads the blocks of one batch between their headers in one buffer (BEP 3 `piece` messages, ready to be written).
enum BlockReader {
    /// Bytes before each block: length prefix, message id, piece, begin.
    static let headerLength = PeerMessage.pieceHeaderByteCount
    /// Blocks in one batch, so that tiny requests cannot make one batch long work.
    static let batchCount = 64

    enum Outcome: Sendable, Equatable {
        case complete
        /// Not all of it is in the page cache, or the file system cannot say: read it on a thread that may wait.
        case mayBlock
        case failed(ContentError)
    }

    /// Writes the headers and leaves room for the blocks. What the room holds is undefined until a read is complete.
    static func layOut(_ blocks: [QueuedBlock], in buffer: inout ByteBuffer) {
        buffer.clear()
        buffer.reserveCapacity(blocks.reduce(0) { $0 + $1.length + headerLength })
        for block in blocks {
            buffer.writeInteger(UInt32(headerLength - 4) + block.request.length)
            buffer.writeInteger(7 as UInt8)
            buffer.writeInteger(block.request.piece.rawValue)
            buffer.writeInteger(block.request.begin)
            buffer.moveWriterIndex(forwardBy: block.length)
        }
    }

    /// Fills the blocks from the page cache without ever waiting for a disk: one `preadv2` for each run of blocks that
    /// lie one after the other in the file. `vectors` is scratch space that keeps its memory.
    static func readCached(
        _ blocks: [QueuedBlock], from descriptor: CInt, into buffer: inout ByteBuffer, vectors: inout ReadVectors
    ) -> Outcome {
        unsafe buffer.withUnsafeMutableReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return .complete }
            var position = 0
            var index = 0
            while index < blocks.count {
                let start = blocks[index].offset
                var expected = 0
                unsafe vectors.items.removeAll(keepingCapacity: true)
                while index < blocks.count, blocks[index].offset == start + Int64(expected) {
                    let length = blocks[index].length
                    position += headerLength
                    unsafe vectors.items.append(iovec(iov_base: base + position, iov_len: length))
                    position += length
                    expected += length
                    index += 1
                }
                let count = unsafe linux_preadv_nowait(
                    descriptor, vectors.items, CInt(vectors.items.count), off_t(start))
                if count != expected { return .mayBlock }
            }
            return .complete
        }
    }

    /// Fills the blocks and waits for the disk where needed; for worker threads.
    static func readWaiting(
        _ blocks: [QueuedBlock], from descriptor: CInt, into buffer: inout ByteBuffer
    ) -> Outcome {
        unsafe buffer.withUnsafeMutableReadableBytes { bytes in
            var position = 0
            for block in blocks {
                position += headerLength
                let room = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: bytes[position..<position + block.length])
                if let error = unsafe fill(room, from: descriptor, at: block.offset) { return .failed(error) }
                position += block.length
            }
            return .complete
        }
    }

    private static func fill(
        _ room: UnsafeMutableRawBufferPointer, from descriptor: CInt, at offset: Int64
    ) -> ContentError? {
        var done = 0
        while done < room.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
            let count = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            if count == 0 { return .truncated }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return .unreadable(errno: errno) }
            done += count
        }
        return nil
    }
}

/// Scratch space for `preadv2`. What it points to is only ever used by the call that filled it.
@safe struct ReadVectors {
    fileprivate var items: [iovec] = unsafe []
}

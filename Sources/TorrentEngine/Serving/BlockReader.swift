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

    /// Fills the blocks from the page cache without ever waiting for a disk. `vectors` is scratch space that keeps its
    /// memory.
    static func readCached(
        _ blocks: [QueuedBlock], from file: ContentFile, into buffer: inout ByteBuffer, vectors: inout ReadVectors
    ) -> Outcome {
        guard let storage = file.storage else {
            return readCached(blocks, from: file.descriptor, into: &buffer, vectors: &vectors)
        }
        return readCached(blocks, from: storage, into: &buffer, vectors: &vectors)
    }

    /// Fills the blocks and waits for the disk where needed; for worker threads.
    static func readWaiting(
        _ blocks: [QueuedBlock], from file: ContentFile, into buffer: inout ByteBuffer
    ) -> Outcome {
        unsafe buffer.withUnsafeMutableReadableBytes { bytes in
            var position = 0
            for block in blocks {
                position += headerLength
                let room = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: bytes[position..<position + block.length])
                if let error = unsafe file.read(into: room, at: block.offset) { return .failed(error) }
                position += block.length
            }
            return .complete
        }
    }

    /// One file: one `preadv2` for each run of blocks that lie one after the other.
    static func readCached(
        _ blocks: [QueuedBlock], from descriptor: CInt, into buffer: inout ByteBuffer, vectors: inout ReadVectors
    ) -> Outcome {
        unsafe buffer.withUnsafeMutableReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return .complete }
            var position = 0
            var index = 0
            while index < blocks.count {
                let start = blocks[index].offset
                vectors.begin(descriptor: descriptor, at: start)
                var expected: Int64 = 0
                while index < blocks.count, blocks[index].offset == start + expected {
                    position += headerLength
                    unsafe vectors.append(base + position, blocks[index].length)
                    position += blocks[index].length
                    expected += Int64(blocks[index].length)
                    index += 1
                }
                guard vectors.read() else { return .mayBlock }
            }
            return .complete
        }
    }

    /// Several files: a run ends also with its file. Files that are not open are left to a worker, since opening waits.
    private static func readCached(
        _ blocks: [QueuedBlock], from storage: TorrentStorage, into buffer: inout ByteBuffer,
        vectors: inout ReadVectors
    ) -> Outcome {
        unsafe buffer.withUnsafeMutableReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return .complete }
            var position = 0
            var open: (file: Int, descriptor: OpenDescriptor)?
            vectors.clear()
            for block in blocks {
                position += headerLength
                for span in storage.map.spans(in: block.offset..<block.offset + Int64(block.length)) {
                    let place = unsafe base + position
                    position += Int(span.length)
                    guard let file = span.file else {
                        unsafe place.initializeMemory(as: UInt8.self, repeating: 0, count: Int(span.length))
                        continue
                    }
                    if open?.file != file || !vectors.continues(at: span.fileOffset) {
                        guard vectors.read(), let descriptor = storage.openDescriptor(of: file) else {
                            return .mayBlock
                        }
                        open = (file, descriptor)
                        vectors.begin(descriptor: descriptor.number, at: span.fileOffset)
                    }
                    unsafe vectors.append(place, Int(span.length))
                }
            }
            return withExtendedLifetime(open) { vectors.read() ? .complete : .mayBlock }
        }
    }
}

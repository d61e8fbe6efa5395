import Metainfo

/// Blocks of unfinished pieces on their way to their files, unchecked. The loop hands it over and does not touch it
/// until it is back: that makes it `Sendable`.
final class FlushJob: @unchecked Sendable {
    struct Block {
        let piece: PieceIndex
        /// Its number in the piece.
        let index: Int
        /// Where it begins in the torrent.
        let offset: Int64
        let length: Int
        let memory: BlockMemory
    }

    private var blocks: [Block]
    private let storage: TorrentStorage
    /// Why they could not be written; nil when they were, or `run` was not called.
    private(set) var failure: StorageError?

    init(blocks: [Block], storage: TorrentStorage) {
        self.blocks = blocks
        self.storage = storage
    }

    /// Writes the blocks, neighbours by one call; returns why not all could be written. Blocking.
    @discardableResult
    func run() -> StorageError? {
        failure = nil
        do throws(StorageError) {
            var start = 0
            while start < blocks.count {
                var end = start + 1
                while end < blocks.count, blocks[end].offset == blocks[end - 1].offset + Int64(blocks[end - 1].length) {
                    end += 1
                }
                let run = unsafe blocks[start..<end].map { block in
                    unsafe UnsafeRawBufferPointer(rebasing: block.memory.bytes[..<block.length])
                }
                try unsafe storage.write(run, at: blocks[start].offset)
                start = end
            }
        } catch {
            failure = error
        }
        return failure
    }

    func takeBlocks() -> [Block] {
        defer { blocks = [] }
        return blocks
    }
}

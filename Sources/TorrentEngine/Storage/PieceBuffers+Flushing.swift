import Metainfo

/// What does not fit in memory goes to its place in the files unchecked, and is read back for the check.
extension PieceBuffers {
    /// The job that makes room when more is in memory than allowed: the pieces that waited longest for a block. Nil
    /// when there is room, or one is under way already.
    func flushJob() -> FlushJob? {
        guard heldBlocks > blockLimit, flushing.isEmpty else { return nil }
        return takeFlush(downTo: blockLimit * 3 / 4)
    }

    /// The job that writes all whole blocks of unfinished pieces, before the engine stops; nil when there are none.
    func flushAllJob() -> FlushJob? { takeFlush(downTo: 0) }

    private func takeFlush(downTo target: Int) -> FlushJob? {
        var runs: [FlushJob.Block] = []
        for piece in pieces.values.sorted(by: { $0.usedAt < $1.usedAt }).map(\.piece) {
            guard heldBlocks > target else { break }
            guard !flushing.contains(piece), var unfinished = pieces.removeValue(forKey: piece) else { continue }
            for block in unfinished.blocks.indices where unfinished.blocks[block].place == .memory {
                guard let memory = unfinished.blocks[block].memory.take() else { continue }
                unfinished.blocks[block].place = .flushing
                let range = unfinished.range(of: block)
                runs.append(
                    FlushJob.Block(
                        piece: piece, index: block, offset: unfinished.offset + Int64(range.lowerBound),
                        length: range.count, memory: memory))
                flushing.insert(piece)
                heldBlocks -= 1
                lentBlocks += 1
            }
            pieces[piece] = unfinished
        }
        return runs.isEmpty ? nil : FlushJob(blocks: runs, storage: storage)
    }

    /// Takes the memory of a flush back once it has run; returns the checks of pieces that became whole meanwhile.
    /// After a failure everything is in memory as before.
    func flushed(_ job: FlushJob) -> [VerifyJob] {
        for block in job.takeBlocks() {
            lentBlocks -= 1
            flushing.remove(block.piece)
            guard pieces[block.piece]?.blocks[block.index].place == .flushing else {
                pool.giveBack(block.memory)
                continue
            }
            if job.failure == nil {
                pieces[block.piece]?.blocks[block.index].place = .disk
                pool.giveBack(block.memory)
            } else {
                pieces[block.piece]?.blocks[block.index].place = .memory
                pieces[block.piece]?.blocks[block.index].memory = block.memory
                heldBlocks += 1
            }
        }
        let due = waiting.filter { !flushing.contains($0.key) }
        for piece in due.keys { waiting[piece] = nil }
        return due.sorted { $0.key < $1.key }.compactMap { self.job(for: $0.key, wantsDigests: $0.value) }
    }
}

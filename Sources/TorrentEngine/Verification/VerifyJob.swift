import Cryptography
import Metainfo

/// A whole piece on its way through a worker thread: hashed, and written only when it is good, one call for each file.
/// The loop hands it over and does not touch it until it is back: that makes it `Sendable`.
final class VerifyJob: @unchecked Sendable {
    /// The piece.
    let piece: PieceIndex
    /// What `run` found; `unverifiable` before it.
    private(set) var outcome = VerifyOutcome.unverifiable
    private var unfinished: UnfinishedPiece?
    private let truth: PieceTruth
    private let storage: TorrentStorage
    private let wantsDigests: Bool
    /// Room for a block that is read back from the disk.
    private var scratch: BlockMemory?

    init(_ unfinished: UnfinishedPiece, truth: PieceTruth, storage: TorrentStorage, wantsDigests: Bool) {
        piece = unfinished.piece
        self.unfinished = unfinished
        self.truth = truth
        self.storage = storage
        self.wantsDigests = wantsDigests
    }

    /// Hashes the piece and writes it when it is good. Blocking; may be called again after a failure.
    @discardableResult
    func run() -> VerifyOutcome {
        guard let unfinished, let expected = truth.expectation(of: piece) else {
            outcome = .unverifiable
            return outcome
        }
        do throws(StorageError) {
            outcome = try check(unfinished, expected)
        } catch {
            outcome = .failed(error)
        }
        scratch = nil
        return outcome
    }

    /// The piece with its memory, once.
    func takePiece() -> UnfinishedPiece? {
        defer { unfinished = nil }
        return unfinished
    }

    private func check(
        _ unfinished: UnfinishedPiece, _ expected: PieceExpectation
    ) throws(StorageError) -> VerifyOutcome {
        clearPadding(unfinished)
        var hasher = PieceHasher(expected)
        for block in unfinished.blocks.indices {
            let bytes = unsafe try bytes(of: block, unfinished)
            unsafe hasher.add(bytes)
        }
        switch hasher.verdict() {
        case .good:
            let digests = wantsDigests ? try digests(hasher.leafDigests, unfinished) : nil
            try write(unfinished)
            return .good(digests: digests)
        case .bad(let blocks):
            return .bad(BadPiece(digests: try digests(hasher.leafDigests, unfinished), blocks: blocks))
        case .inconsistent: return .inconsistent
        }
    }

    private static let zeros = BlockMemory.zeroed()

    /// The bytes of a block; good until the next call.
    private func bytes(
        of block: Int, _ unfinished: UnfinishedPiece
    ) throws(StorageError) -> UnsafeRawBufferPointer {
        let range = unfinished.range(of: block)
        let entry = unfinished.blocks[block]
        let memory: BlockMemory
        if entry.place == .zeros {
            memory = Self.zeros
        } else if let held = entry.memory {
            memory = held
        } else {
            memory = try readBack(at: unfinished.offset + Int64(range.lowerBound), length: range.count)
        }
        return unsafe UnsafeRawBufferPointer(rebasing: memory.bytes[..<range.count])
    }

    private func readBack(at offset: Int64, length: Int) throws(StorageError) -> BlockMemory {
        let memory = scratch ?? BlockMemory()
        scratch = memory
        try unsafe storage.read(
            into: UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<length]), at: offset)
        return memory
    }

    /// Padding is zeros whatever peers send for it: what they sent there was never counted as stored.
    private func clearPadding(_ unfinished: UnfinishedPiece) {
        guard storage.map.hasZeros else { return }
        var position = 0
        for span in storage.map.spans(in: unfinished.offset..<unfinished.offset + Int64(unfinished.length)) {
            defer { position += Int(span.length) }
            guard span.file == nil else { continue }
            for block in position / BlockMemory.byteCount...(position + Int(span.length) - 1) / BlockMemory.byteCount {
                guard let memory = unfinished.blocks[block].memory else { continue }
                let range = unfinished.range(of: block).clamped(to: position..<position + Int(span.length))
                let begin = block * BlockMemory.byteCount
                unsafe UnsafeMutableRawBufferPointer(
                    rebasing: memory.bytes[range.lowerBound - begin..<range.upperBound - begin]
                ).initializeMemory(as: UInt8.self, repeating: 0)
            }
        }
    }

    /// The leaves of the piece's tree, or SHA-1 digests where it has none.
    private func digests(
        _ leaves: BlockDigests?, _ unfinished: UnfinishedPiece
    ) throws(StorageError) -> BlockDigests {
        if let leaves { return leaves }
        var hasher = SHA1Hasher()
        var digests: [UInt8] = []
        for block in unfinished.blocks.indices {
            unsafe hasher.update(try bytes(of: block, unfinished))
            hasher.finalize(appendingTo: &digests)
        }
        return BlockDigests(digestLength: SHA1Hasher.digestLength, bytes: digests)
    }

    /// Writes what is in memory, neighbours by one call; blocks on disk are there already.
    private func write(_ unfinished: UnfinishedPiece) throws(StorageError) {
        var run: [UnsafeRawBufferPointer] = unsafe []
        var start = 0
        for block in unfinished.blocks.indices {
            let range = unfinished.range(of: block)
            if let memory = unfinished.blocks[block].memory {
                if unsafe run.isEmpty { start = range.lowerBound }
                unsafe run.append(UnsafeRawBufferPointer(rebasing: memory.bytes[..<range.count]))
            } else if unsafe !run.isEmpty {
                try unsafe storage.write(run, at: unfinished.offset + Int64(start))
                unsafe run.removeAll(keepingCapacity: true)
            }
        }
        if unsafe !run.isEmpty { try unsafe storage.write(run, at: unfinished.offset + Int64(start)) }
    }
}

extension BlockMemory {
    /// A block of zeros.
    fileprivate static func zeroed() -> BlockMemory {
        let memory = BlockMemory()
        unsafe memory.bytes.initializeMemory(as: UInt8.self, repeating: 0)
        return memory
    }
}

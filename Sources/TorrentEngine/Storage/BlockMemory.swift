/// The memory of one block of 16 KiB. It has one owner at any time, the loop's buffers or one job on a worker thread,
/// which makes it `Sendable`.
@safe final class BlockMemory: @unchecked Sendable {
    /// Bytes in a block: what clients ask for (BEP 3) and what one leaf of a Merkle tree covers (BEP 52).
    static let byteCount = 16_384

    /// The bytes.
    let bytes: UnsafeMutableRawBufferPointer

    init() { unsafe bytes = .allocate(byteCount: Self.byteCount, alignment: 4096) }

    deinit { unsafe bytes.deallocate() }
}

/// Block memory used again and again: fresh memory would cost a page fault for every 4 KiB. The one given back last is
/// lent first, while the processor still has it in its cache.
struct BlockPool {
    private var idle: [BlockMemory] = []
    /// How many blocks are kept while nobody uses them.
    private let kept: Int

    init(kept: Int) { self.kept = max(0, kept) }

    /// A block; what it holds is undefined.
    mutating func lend() -> BlockMemory { idle.popLast() ?? BlockMemory() }

    mutating func giveBack(_ memory: consuming BlockMemory) {
        if idle.count < kept { idle.append(memory) }
    }

    /// Frees what is not lent.
    mutating func drop() { idle = [] }
}

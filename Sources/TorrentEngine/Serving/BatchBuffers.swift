import NIOCore

/// Buffers for batches of blocks, used again and again: large fresh ones would cost a page fault for every 4 KiB.
/// The one given back last is lent first, while the processor still has it in its cache.
struct BatchBuffers {
    private var idle: [ByteBuffer] = []
    /// Buffers kept while nobody uses them.
    private let kept: Int
    /// A buffer that has grown beyond this is let go.
    private let largest: Int

    init(kept: Int, largest: Int) {
        self.kept = kept
        self.largest = largest
    }

    mutating func lend() -> ByteBuffer { idle.popLast() ?? ByteBuffer() }

    mutating func giveBack(_ buffer: consuming ByteBuffer) {
        guard idle.count < kept, buffer.capacity <= largest else { return }
        idle.append(buffer)
    }

    /// Frees what is not lent.
    mutating func drop() { idle.removeAll() }
}

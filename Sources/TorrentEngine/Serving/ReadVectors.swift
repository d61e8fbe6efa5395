import CLinux
import Glibc

/// One run of neighbouring bytes of a file on its way into many places of memory: scratch space that keeps its own
/// memory. What it points to is only ever used by the call that filled it.
@safe struct ReadVectors {
    private var items: [iovec] = unsafe []
    private var descriptor: CInt = -1
    private var start: Int64 = 0
    private var length = 0

    /// No run.
    mutating func clear() {
        unsafe items.removeAll(keepingCapacity: true)
        length = 0
    }

    /// Begins a run at a place in a file.
    mutating func begin(descriptor: CInt, at offset: Int64) {
        clear()
        self.descriptor = descriptor
        start = offset
    }

    /// Whether bytes at that place of the same file would be next.
    func continues(at offset: Int64) -> Bool { length > 0 && offset == start + Int64(length) }

    /// Adds room for the next bytes.
    mutating func append(_ base: UnsafeMutableRawPointer, _ count: Int) {
        unsafe items.append(iovec(iov_base: base, iov_len: count))
        length += count
    }

    /// Reads the run from the page cache; true when all of it was there, or the run is empty.
    mutating func read() -> Bool {
        guard length > 0 else { return true }
        return unsafe linux_preadv_nowait(descriptor, items, CInt(items.count), off_t(start)) == length
    }
}

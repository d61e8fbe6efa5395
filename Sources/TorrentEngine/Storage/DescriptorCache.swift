/// The descriptors of a torrent's files that were used last; the others are closed, so that a torrent of ten thousand
/// files needs a few.
struct DescriptorCache {
    struct Entry {
        let descriptor: OpenDescriptor
        let isWritable: Bool
        fileprivate var usedAt: UInt64
    }

    private var entries: [Int: Entry] = [:]
    private let capacity: Int
    private var clock: UInt64 = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// The open descriptor of a file, if it is there and can do what is asked.
    mutating func descriptor(of file: Int, writable: Bool) -> OpenDescriptor? {
        guard var entry = entries[file], entry.isWritable || !writable else { return nil }
        clock += 1
        entry.usedAt = clock
        entries[file] = entry
        return entry.descriptor
    }

    /// Keeps a descriptor; lets go the one that was not used for longest when there are too many.
    mutating func keep(_ descriptor: OpenDescriptor, of file: Int, writable: Bool) {
        if entries[file] == nil, entries.count >= capacity,
            let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt })
        {
            entries[oldest.key] = nil
        }
        clock += 1
        entries[file] = Entry(descriptor: descriptor, isWritable: writable, usedAt: clock)
    }

    mutating func forget(_ file: Int) { entries[file] = nil }
    mutating func forgetAll() { entries.removeAll() }
    var count: Int { entries.count }
}

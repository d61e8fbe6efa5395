import PeerWire

/// The requests of one peer that wait for an answer, in the order they came. Bounded; allocates only while it grows.
struct RequestQueue: Sendable {
    private var items: [QueuedBlock] = []
    /// Items before this index have been taken.
    private var head = 0
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { items.count - head }
    var isEmpty: Bool { head == items.count }

    /// Adds a request at the end; false when the queue is full.
    mutating func append(_ block: QueuedBlock) -> Bool {
        guard count < capacity else { return false }
        if head >= capacity { compact() }
        items.append(block)
        return true
    }

    /// Removes the first such request; nil when there is none.
    mutating func remove(_ request: BlockRequest) -> QueuedBlock? {
        guard let match = items[head...].firstIndex(where: { $0.request == request }) else { return nil }
        return items.remove(at: match)
    }

    /// Moves requests into `batch` while their blocks fit into `bytes`, at most `limit` of them but at least one when
    /// there is one.
    mutating func take(into batch: inout [QueuedBlock], bytes: Int, limit: Int) {
        var room = bytes
        while head < items.count, batch.count < limit {
            let block = items[head]
            guard block.length <= room || batch.isEmpty else { break }
            room -= block.length
            batch.append(block)
            head += 1
        }
        if head == items.count { removeAll() }
    }

    /// Empties the queue and returns what was in it.
    mutating func takeAll() -> [QueuedBlock] {
        defer { removeAll() }
        return Array(items[head...])
    }

    private mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        head = 0
    }

    private mutating func compact() {
        items.removeFirst(head)
        head = 0
    }
}

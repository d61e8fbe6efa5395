/// The requests that wait for an answer, each in the list of its peer, oldest first, and known to its block.
/// Kept in one array whose free places are used again: nothing is allocated once it has grown.
struct OpenRequests: Sendable {
    /// Stands for no request.
    static let none = -1

    /// One block asked of one peer.
    struct Item: Sendable {
        /// The block's place in `PartialPieces`.
        var block: Int
        /// The peer's place in the scheduler.
        var peer: Int
        var sentAt: Moment
        fileprivate(set) var next = none
        fileprivate(set) var previous = none
    }

    /// One peer's requests.
    struct List: Sendable {
        fileprivate(set) var head = none
        fileprivate(set) var tail = none
        fileprivate(set) var count = 0
    }

    private var items: [Item] = []
    private var free = none
    /// How many requests are open.
    private(set) var count = 0

    subscript(index: Int) -> Item { items[index] }

    /// A peer's oldest request; nil when it has none.
    func first(of list: List) -> Int? { list.head == Self.none ? nil : list.head }

    /// A peer's newest request; nil when it has none.
    func last(of list: List) -> Int? { list.tail == Self.none ? nil : list.tail }

    /// The next newer request of the same peer.
    func next(after index: Int) -> Int? { items[index].next == Self.none ? nil : items[index].next }

    /// The next older request of the same peer.
    func previous(before index: Int) -> Int? { items[index].previous == Self.none ? nil : items[index].previous }

    /// Adds a request at the end of its peer's list. Returns its index.
    mutating func append(_ item: Item, to list: inout List) -> Int {
        var item = item
        item.previous = list.tail
        let index = store(item)
        if list.tail == Self.none { list.head = index } else { items[list.tail].next = index }
        list.tail = index
        list.count += 1
        count += 1
        return index
    }

    mutating func remove(_ index: Int, from list: inout List) {
        let item = items[index]
        if item.previous == Self.none { list.head = item.next } else { items[item.previous].next = item.next }
        if item.next == Self.none { list.tail = item.previous } else { items[item.next].previous = item.previous }
        list.count -= 1
        count -= 1
        items[index].next = free
        free = index
    }

    private mutating func store(_ item: Item) -> Int {
        guard free != Self.none else {
            items.append(item)
            return items.count - 1
        }
        let index = free
        free = items[index].next
        items[index] = item
        return index
    }
}

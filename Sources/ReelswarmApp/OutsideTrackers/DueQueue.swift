import Metainfo

/// Torrents by the time at which something of theirs is due: a binary heap. A torrent that was put in again stands in
/// it twice; whoever takes one out looks whether the time still holds.
struct DueQueue {
    /// A torrent and its time.
    struct Item {
        let time: Duration
        let hash: InfoHash
    }

    private var items: [Item] = []

    /// The earliest; nil when there is none.
    var first: Item? { items.first }

    mutating func insert(_ hash: InfoHash, at time: Duration) {
        items.append(Item(time: time, hash: hash))
        var child = items.count - 1
        while child > 0, items[child].time < items[(child - 1) / 2].time {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the earliest out, if its time has come.
    mutating func popFirst(upTo now: Duration) -> Item? {
        guard let first = items.first, first.time <= now else { return nil }
        items.swapAt(0, items.count - 1)
        items.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < items.count {
                if items[child].time < items[least].time { least = child }
            }
            guard least != parent else { return first }
            items.swapAt(parent, least)
            parent = least
        }
    }
}

import Metainfo

/// Which torrents are to be looked up and announced, and when next.
struct DHTSearchBook {
    /// How we are announced.
    struct Announcement: Equatable {
        /// Our TCP port.
        var port: UInt16
        var isSeed: Bool
    }

    private struct Wish {
        var isListening = false
        var announcement: Announcement?
        /// Searches in a row that brought nothing.
        var emptyHanded = 0
        /// When it is due; nil while its search runs.
        var due: ContinuousClock.Instant?
        /// Whether the wish has changed since its search began.
        var isChanged = false
    }

    private struct Entry {
        let due: ContinuousClock.Instant
        let hash: InfoHash
    }

    private let interval: Duration
    private var wishes: [InfoHash: Wish] = [:]
    /// By time, the earliest last; an entry counts when the wish has that very time.
    private var queue: [Entry] = []

    init(interval: Duration) { self.interval = interval }

    /// Wants peers of a torrent, from now on.
    mutating func listen(_ hash: InfoHash, now: ContinuousClock.Instant) {
        change(hash, now: now) { $0.isListening = true }
    }

    /// Wants no more peers of a torrent.
    mutating func stopListening(_ hash: InfoHash) {
        wishes[hash]?.isListening = false
        forgetIfIdle(hash)
    }

    /// Announces a torrent, from now on.
    mutating func announce(_ hash: InfoHash, _ announcement: Announcement, now: ContinuousClock.Instant) {
        guard wishes[hash]?.announcement != announcement else { return }
        change(hash, now: now) { $0.announcement = announcement }
    }

    /// Announces a torrent no more.
    mutating func withdraw(_ hash: InfoHash) {
        wishes[hash]?.announcement = nil
        forgetIfIdle(hash)
    }

    func isListening(to hash: InfoHash) -> Bool { wishes[hash]?.isListening ?? false }
    func announcement(of hash: InfoHash) -> Announcement? { wishes[hash]?.announcement }

    /// The torrent whose search is due, if any; it counts as running from now on.
    mutating func nextDue(now: ContinuousClock.Instant) -> InfoHash? {
        while let entry = queue.last, entry.due <= now {
            queue.removeLast()
            guard wishes[entry.hash]?.due == entry.due else { continue }
            wishes[entry.hash]?.due = nil
            wishes[entry.hash]?.isChanged = false
            return entry.hash
        }
        return nil
    }

    /// A search has ended. One that brought nothing is repeated soon at first: the others may only just be coming up.
    mutating func ended(_ hash: InfoHash, broughtSomething: Bool, now: ContinuousClock.Instant) {
        guard var wish = wishes[hash] else { return }
        wish.emptyHanded = broughtSomething ? 0 : min(wish.emptyHanded + 1, 8)
        var delay = interval
        if wish.isChanged {
            delay = .zero
        } else if wish.emptyHanded > 0 {
            delay = min(interval, (1..<wish.emptyHanded).reduce(Duration.seconds(5)) { delay, _ in delay * 3 })
        }
        wishes[hash] = wish
        schedule(hash, at: now + delay)
    }

    private mutating func change(_ hash: InfoHash, now: ContinuousClock.Instant, _ change: (inout Wish) -> Void) {
        let isRunning = wishes[hash].map { $0.due == nil } ?? false
        change(&wishes[hash, default: Wish()])
        wishes[hash]?.emptyHanded = 0
        if isRunning { wishes[hash]?.isChanged = true } else { schedule(hash, at: now) }
    }

    private mutating func schedule(_ hash: InfoHash, at due: ContinuousClock.Instant) {
        wishes[hash]?.due = due
        var low = 0
        var high = queue.count
        while low < high {
            let middle = (low + high) / 2
            if queue[middle].due > due { low = middle + 1 } else { high = middle }
        }
        queue.insert(Entry(due: due, hash: hash), at: low)
    }

    private mutating func forgetIfIdle(_ hash: InfoHash) {
        guard let wish = wishes[hash], !wish.isListening, wish.announcement == nil else { return }
        wishes[hash] = nil
    }
}

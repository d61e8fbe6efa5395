import Metainfo
import Synchronization

/// Charts as they were drawn within the last half minute. A page that many look at costs one query, also when all of
/// them come at once.
final class ChartCache: Sendable {
    /// Whose history, and how much of it.
    struct Key: Hashable, Sendable {
        /// The torrent; nil for all together.
        let hash: InfoHash?
        let range: HistoryRange
    }

    private struct Entry {
        let task: Task<TemplateValue?, Never>
        let at: ContinuousClock.Instant
    }

    private let lifetime: Duration
    private let capacity: Int
    private let entries = Mutex<[Key: Entry]>([:])

    /// - Parameter capacity: how many charts are kept at most, about 10 KB each.
    init(lifetime: Duration = .seconds(30), capacity: Int = 512) {
        self.lifetime = lifetime
        self.capacity = capacity
    }

    /// The chart of a key, drawn by `draw` when there is none fresh enough; nil when it could not be drawn, which is not
    /// remembered.
    func chart(_ key: Key, draw: @escaping @Sendable () async -> TemplateValue?) async -> TemplateValue? {
        let task = entries.withLock { entries in
            if let entry = entries[key], ContinuousClock.now - entry.at < lifetime { return entry.task }
            if entries.count >= capacity { makeRoom(in: &entries) }
            let task = Task { await draw() }
            entries[key] = Entry(task: task, at: .now)
            return task
        }
        let chart = await task.value
        if chart == nil { entries.withLock { if $0[key]?.task == task { $0[key] = nil } } }
        return chart
    }

    /// How many charts are kept.
    var count: Int { entries.withLock { $0.count } }

    private func makeRoom(in entries: inout [Key: Entry]) {
        let now = ContinuousClock.now
        entries = entries.filter { now - $0.value.at < lifetime }
        if entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
    }
}

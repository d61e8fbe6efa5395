import Metainfo
import Synchronization
import TrackerServer

/// Brings a tracker in line with a list of torrents: new ones are tracked, those no longer named are refused.
final class AllowList: Sendable {
    private struct State {
        var torrents: [InfoHash: InfoHash?] = [:]
        /// Completed downloads of torrents that are not tracked now: of an earlier run, or taken off the list.
        var completed: [InfoHash: UInt64]
    }

    private let tracker: Tracker
    private let state: Mutex<State>

    /// No torrents yet; `completed` says how often each was downloaded in earlier runs.
    init(tracker: Tracker, completed: [InfoHash: UInt64]) {
        self.tracker = tracker
        state = Mutex(State(completed: completed))
    }

    /// Takes a new list over. Returns how many torrents came and went.
    @discardableResult
    func apply(_ torrents: [InfoHash: InfoHash?]) -> (added: Int, removed: Int) {
        state.withLock { state in
            let gone = state.torrents.filter { torrents[$0.key] != .some($0.value) }
            let new = torrents.filter { state.torrents[$0.key] != .some($0.value) }
            for (hash, alias) in gone { leave(hash, alias, isNamed: torrents[hash] != nil, &state.completed) }
            for (hash, alias) in new {
                tracker.allow(hash, alias: alias, completed: state.completed.removeValue(forKey: hash) ?? 0)
            }
            state.torrents = torrents
            let renamed = gone.keys.count { torrents[$0] != nil }
            return (new.count - renamed, gone.count - renamed)
        }
    }

    /// Refuses a torrent that left the list; one that only changed its other hash goes on with its peers.
    private func leave(
        _ hash: InfoHash, _ alias: InfoHash?, isNamed: Bool, _ completed: inout [InfoHash: UInt64]
    ) {
        if let alias { tracker.forget(alias) }
        guard !isNamed else { return }
        let count = tracker.counts(hash).completed
        if count > 0 { completed[hash] = count }
        tracker.refuse(hash, reason: .removed)
        if let alias { tracker.refuse(alias, reason: .removed) }
    }
}

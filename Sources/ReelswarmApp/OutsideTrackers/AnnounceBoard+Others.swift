import Metainfo
import TrackerClient

/// Trackers that single torrents came with, besides those of the settings.
extension AnnounceBoard {
    /// The tiers of the settings, and behind them those of a torrent without what is in the settings already.
    func tiers(with others: [[TrackerAddress]]) -> [[TrackerAddress]] {
        guard !others.isEmpty else { return tiers }
        var seen = Set(tiers.joined())
        return tiers + others.map { $0.filter { seen.insert($0).inserted } }.filter { !$0.isEmpty }
    }

    /// A torrent came with these from now on: new ones are announced to, those that went are told.
    mutating func setOthers(_ others: [[TrackerAddress]], of hash: InfoHash) {
        guard let former = torrents[hash]?.others, former != others else { return }
        torrents[hash]?.others = others
        retain(others)
        assignTiers(to: hash)
        release(former)
    }

    /// Whether any torrent is to be announced to a tracker.
    func isUsed(_ tracker: TrackerAddress) -> Bool {
        uses[tracker] != nil || tiers.contains { $0.contains(tracker) }
    }

    mutating func retain(_ others: [[TrackerAddress]]) {
        for tracker in others.joined() { uses[tracker, default: 0] += 1 }
    }

    mutating func release(_ others: [[TrackerAddress]]) {
        for tracker in others.joined() {
            let left = (uses[tracker] ?? 1) - 1
            uses[tracker] = left > 0 ? left : nil
            dropIfIdle(tracker)
        }
    }

    /// A tracker that nothing is announced to any more is forgotten with its last exchange.
    mutating func dropIfIdle(_ tracker: TrackerAddress) {
        guard lines[tracker]?.inFlight == 0, !isUsed(tracker) else { return }
        lines[tracker] = nil
    }
}

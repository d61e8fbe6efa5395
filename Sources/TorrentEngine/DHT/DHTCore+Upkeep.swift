import ByteCoding
import DHTWire
import Dialling
import Metainfo

/// What time brings.
extension DHTCore {
    /// How soon `tick` wants to be called again.
    var tickInterval: Duration {
        searches.isEmpty && checks.isEmpty ? .seconds(1) : .milliseconds(50)
    }

    /// Lets time pass: gives up what is overdue, keeps the tables fresh and takes the searches on.
    mutating func tick(now: Instant) {
        tokens.rotate(random: &random, now: now)
        giveUpOverdue(now: now)
        if upkeep.isMinute(now: now) {
            store.expire(now: now)
            answerLimiter.forgetIdle(now: now)
            questionLimiter.forgetIdle(now: now)
            checks.forgetRecent()
        }
        checkNodes(now: now)
        join(now: now)
        refresh(now: now)
        beginDueSearches(now: now)
        pump(now: now)
    }

    private mutating func checkNodes(now: Instant) {
        if upkeep.isQuestionTime(now: now) {
            for family in families.values {
                guard let node = family.table.questionable(now: now), !pending.isAwaited(node.endpoint) else {
                    continue
                }
                if canAsk(now: now) { ask(.ping, at: node.endpoint, for: .check, now: now) }
            }
        }
        while canAsk(now: now), let next = checks.next(where: { questionLimiter.hasRoom($0, now: now) }) {
            ask(.ping, at: next, for: .check, now: now)
        }
    }

    private var isJoining: Bool { searches.values.contains { $0.purpose == .join } }
    private var hasNodes: Bool { families.values.contains { $0.table.count > 0 } }

    private mutating func join(now: Instant) {
        guard now >= upkeep.join, !isJoining, hasNodes || !entryPoints.isEmpty else { return }
        upkeep.joining(now: now)
        begin(.join, target: families.values.first?.table.id ?? random.nodeID(), now: now)
    }

    private mutating func refresh(now: Instant) {
        guard upkeep.isRefreshTime(now: now), searches.isEmpty else { return }
        for (family, own) in families where own.table.count > 0 {
            let place = random.nodeID()
            guard let target = families[family]?.table.refreshTarget(random: place, now: now) else { continue }
            return begin(.refresh, target: target, now: now)
        }
    }

    /// Searches wait until we have joined: before, they would find nothing and be put off.
    private mutating func beginDueSearches(now: Instant) {
        guard hasNodes, !isJoining else { return }
        while searches.count < limits.concurrentLookups, let hash = book.nextDue(now: now) {
            begin(.peers(hash), target: NodeID(hash), now: now)
        }
    }
}

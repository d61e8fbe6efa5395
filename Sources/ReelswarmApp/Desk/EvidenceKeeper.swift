import Site
import Synchronization

/// Keeps our own connectivity test from passing as evidence: on a machine with a public address its announces and
/// connections come from a public address too.
///
/// What was seen within a test is left out, and what was known before it stays known, only older.
final class EvidenceKeeper: Sendable {
    /// Sightings are told in whole seconds, so a test is taken for this much longer at both ends.
    private static let margin: Duration = .seconds(2)

    private struct Sighting {
        let at: ContinuousClock.Instant
        let transport: AnnounceLine.Transport?
    }

    private struct State {
        /// When the tests that run now began, by number.
        var running: [Int: ContinuousClock.Instant] = [:]
        /// The last tests that have ended.
        var ended: [ClosedRange<ContinuousClock.Instant>] = []
        var begun = 0
        var peer: Sighting?
        var announce: Sighting?

        /// The sighting of that age, unless a test of ours may have made it.
        func genuine(_ age: Int?, _ transport: AnnounceLine.Transport?, _ now: ContinuousClock.Instant) -> Sighting? {
            guard let age else { return nil }
            let at = now - .seconds(max(0, age))
            let isOurs = running.values.contains { at >= $0 } || ended.contains { $0.contains(at) }
            return isOurs ? nil : Sighting(at: at, transport: transport)
        }
    }

    private let state = Mutex(State())

    /// A test begins; everything seen from now on may be its own doing.
    ///
    /// - Returns: the number to end it by.
    func begin(at start: ContinuousClock.Instant = .now) -> Int {
        state.withLock { state in
            state.begun &+= 1
            state.running[state.begun] = start - Self.margin
            return state.begun
        }
    }

    /// A test has ended.
    func end(_ number: Int, at end: ContinuousClock.Instant = .now) {
        state.withLock { state in
            guard let start = state.running.removeValue(forKey: number) else { return }
            state.ended.append(start...max(start, end + Self.margin))
            if state.ended.count > 8 { state.ended.removeFirst() }
        }
    }

    /// What remains of the evidence when our own tests are left out.
    func judged(_ evidence: ReachEvidence, now: ContinuousClock.Instant = .now) -> ReachEvidence {
        state.withLock { state in
            if let peer = state.genuine(evidence.lastInboundPeer, nil, now) { state.peer = peer }
            if let announce = state.genuine(evidence.lastAnnounce, evidence.lastTransport, now) {
                state.announce = announce
            }
            return ReachEvidence(
                lastInboundPeer: state.peer.map { Self.age($0, now) },
                lastAnnounce: state.announce.map { Self.age($0, now) }, lastTransport: state.announce?.transport)
        }
    }

    private static func age(_ sighting: Sighting, _ now: ContinuousClock.Instant) -> Int {
        Int(clamping: max(0, (now - sighting.at).components.seconds))
    }
}

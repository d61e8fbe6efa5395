import TestSupport
import Testing

@testable import TorrentEngine

/// Downloaders, each with a choker, for half an hour of virtual time or more: everybody always has something for everybody.
@Suite struct TitForTatSwarmTests {
    /// What one peer can send, in bytes a second; 0 is a free rider.
    private struct Swarm {
        let capacity: [Double]
        var chokers: [Choker]
        var unchoked: [Set<Int>]
        /// Bytes a second of the last round from the first to the second.
        var given: [[Double]]
        var received: [Double]
        var since: [[ContinuousClock.Instant]]
        var unchokedOnce: [Set<Int>]
        var generator = SplitMix64(seed: 21)
        var now = ContinuousClock.now

        init(capacity: [Double]) {
            self.capacity = capacity
            let count = capacity.count
            chokers = capacity.map { _ in Choker(mode: .leech, slots: 4, optimisticSlots: 1) }
            unchoked = Array(repeating: [], count: count)
            given = Array(repeating: Array(repeating: 0, count: count), count: count)
            received = Array(repeating: 0, count: count)
            since = Array(repeating: Array(repeating: now, count: count), count: count)
            unchokedOnce = unchoked
        }

        mutating func round() {
            now += Choker.round
            for me in capacity.indices where capacity[me] > 0 { deal(me) }
            given = given.map { $0.map { _ in 0 } }
            for me in capacity.indices {
                for other in unchoked[me] {
                    let rate = capacity[me] / Double(unchoked[me].count)
                    given[me][other] = rate
                    received[other] += rate * 10
                }
            }
        }

        private mutating func deal(_ me: Int) {
            let candidates = capacity.indices.filter { $0 != me }.map { other in
                Choker.Candidate(
                    id: PeerNumber(rawValue: UInt64(other)), isInterested: true, rate: given[me][other],
                    givenRate: given[other][me], since: since[me][other], isUnchoked: unchoked[me].contains(other))
            }
            let next = Set(chokers[me].deal(candidates, now: now, using: &generator).map { Int($0.rawValue) })
            for other in next.symmetricDifference(unchoked[me]) { since[me][other] = now }
            unchoked[me] = next
            unchokedOnce[me].formUnion(next)
        }
    }

    private func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

    @Test func whoGivesMoreGetsMore() {
        let capacity =
            Array(repeating: 0.0, count: 6) + Array(repeating: 20_000, count: 12)
            + Array(repeating: 100_000, count: 12)
        var swarm = Swarm(capacity: capacity)
        for _ in 0..<180 { swarm.round() }
        let (riders, slow, fast) = (
            mean(swarm.received[0..<6]), mean(swarm.received[6..<18]), mean(swarm.received[18..<30])
        )
        #expect(fast > slow * 2, "\(fast) \(slow)")
        #expect(slow > riders, "\(slow) \(riders)")
        #expect(fast > riders * 3, "\(fast) \(riders)")
        // Nobody is left out: free riders too get their turns, and so finish some day.
        #expect(swarm.received.allSatisfy { $0 > 0 })
    }

    @Test func everyoneTriesEveryone() {
        var swarm = Swarm(capacity: Array(repeating: 50_000, count: 12))
        for _ in 0..<360 { swarm.round() }
        #expect(swarm.unchokedOnce.allSatisfy { $0.count == 11 })
        let (least, most) = (swarm.received.min() ?? 0, swarm.received.max() ?? 0)
        #expect(least > most / 3, "\(least) \(most)")
    }
}

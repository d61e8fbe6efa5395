import Foundation
import TrackerServer

/// What choosing costs: announces of known peers to one large swarm, without network, parsing and locks.
enum Cost {
    private static let peers = 50_000
    private static let announces = 400_000

    static func printTable() {
        print("| rule | one announce, 30 wanted, 50,000 peers | without the choice |\n|---|---|---|")
        for rule in HandOutRule.allCases {
            var model = SwarmModel(rule: rule, seed: 1)
            var random = SeededRandom(seed: 1)
            var handed: [UInt32] = []
            for peer in 0..<peers {
                model.announce(
                    UInt32(peer), uploaded: random.next() >> 30, downloaded: 1 << 30, isSeeder: peer % 4 == 0,
                    wanted: 0,
                    now: 0, into: &handed)
            }
            let whole = measure(&model, wanted: 30)
            let rest = measure(&model, wanted: 0)
            print(String(format: "| %@ | %.0f ns | %.0f ns |", rule.rawValue, whole, rest))
        }
    }

    /// Nanoseconds for one announce; the best of five rounds.
    private static func measure(_ model: inout SwarmModel, wanted: Int) -> Double {
        var random = SeededRandom(seed: 2)
        var handed: [UInt32] = []
        var best = Double.infinity
        for round in 0..<5 {
            let start = ContinuousClock.now
            for _ in 0..<announces / 5 {
                handed.removeAll(keepingCapacity: true)
                model.announce(
                    UInt32(random.below(peers)), uploaded: 1 << 30, downloaded: 1 << 30, isSeeder: false,
                    wanted: wanted, now: UInt32(1_000_000 + round * 16), into: &handed)
            }
            let (seconds, attoseconds) = start.duration(to: .now).components
            best = min(best, (Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(announces / 5))
        }
        return best
    }
}

import Testing

@testable import TrackerServer

/// Who is handed out, without tables and clocks.
@Suite struct HandOutTests {
    /// A generator that always draws the first of those left.
    private struct First: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0 }
    }

    /// A generator that always draws the last of those left.
    private struct Last: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    private func candidates(_ peers: [(credit: UInt16, rest: UInt8)]) -> [HandOutCandidate] {
        peers.enumerated().map { HandOutCandidate(slot: UInt32($0), credit: $1.credit, rest: $1.rest) }
    }

    private func chosen(
        _ wanted: Int, of peers: [(credit: UInt16, rest: UInt8)], _ rule: HandOutRule,
        mix: HandOutMix = .standard, random: some RandomNumberGenerator = First()
    ) -> [UInt32] {
        var candidates = candidates(peers)
        var random = random
        let count = HandOut.choose(wanted, of: &candidates, by: rule, mix: mix, random: &random)
        #expect(Set(candidates.map(\.slot)) == Set(peers.indices.map { UInt32($0) }))
        return candidates.prefix(count).map(\.slot)
    }

    // MARK: Uploaders

    @Test func uploadersAreRankedByCredit() {
        let peers: [(UInt16, UInt8)] = [(10, 0), (50, 0), (0, 255), (40, 0), (90, 0)]
        #expect(chosen(5, of: peers, .uploaders) == [4, 1, 3, 0, 2])
        #expect(chosen(2, of: peers, .uploaders) == [4, 1])
    }

    @Test func equalUploadersStayInTheirOrder() {
        #expect(chosen(3, of: [(7, 0), (9, 0), (7, 9), (7, 5)], .uploaders) == [1, 0, 2])
    }

    @Test func rankingAgreesWithASort() {
        var random = FastRandom(seed: 5)
        for size in 0..<80 {
            let peers = (0..<size).map { _ in (credit: UInt16(random.below(20)), rest: UInt8(0)) }
            let sorted = peers.indices.sorted { (peers[$1].credit, $0) < (peers[$0].credit, $1) }
            for wanted in [0, 1, size / 2, size, size + 1] {
                let best = chosen(wanted, of: peers, .uploaders).map { peers[Int($0)].credit }
                #expect(best == sorted.prefix(wanted).map { peers[$0].credit })
            }
        }
    }

    // MARK: Mixed

    @Test func aMixIsUploadersThenRestedThenRandom() {
        let peers: [(UInt16, UInt8)] = [
            (1, 3), (9, 0), (2, 200), (8, 1), (3, 255), (4, 2), (5, 4), (0, 0), (0, 1), (0, 2),
        ]
        let mix = HandOutMix(uploaders: 20, rested: 20)
        let all = chosen(10, of: peers, .mixed, mix: mix)
        #expect(Array(all.prefix(4)) == [1, 3, 4, 2])
        #expect(Set(all) == Set(0..<10))
        // One of five is a fifth; the last of those left are drawn at the end.
        let few = chosen(5, of: peers, .mixed, mix: mix, random: Last())
        #expect(few.count == 5)
        #expect(Array(few.prefix(2)) == [1, 4])
        #expect(few.dropFirst(2).first == 9)
    }

    @Test func aPeerThatIsBothIsChosenOnce() {
        let mix = HandOutMix(uploaders: 50, rested: 50)
        #expect(chosen(2, of: [(1, 3), (9, 255), (1, 4)], .mixed, mix: mix) == [1, 2])
    }

    @Test func whereManyOnlyTakeUploadDoesNotCount() {
        func best(takers: Int, of count: Int, _ rule: HandOutRule) -> UInt32? {
            var peers = (0..<count).map {
                HandOutCandidate(slot: UInt32($0), credit: 0, rest: 9, onlyTakes: $0 < takers)
            }
            peers.append(HandOutCandidate(slot: 99, credit: 9, rest: 0))
            var random = First()
            let count = HandOut.choose(
                1, of: &peers, by: rule, mix: HandOutMix(uploaders: 100, rested: 0), random: &random)
            return peers.prefix(count).first?.slot
        }
        #expect(best(takers: 2, of: 7, .mixed) == 99)
        #expect(best(takers: 3, of: 7, .mixed) != 99)
        #expect(best(takers: 7, of: 7, .uploaders) == 99)
    }

    @Test func withoutSharesAMixIsRandom() {
        let mix = HandOutMix(uploaders: 0, rested: 0)
        let peers: [(UInt16, UInt8)] = (0..<40).map { (UInt16($0), UInt8($0)) }
        let mixed = chosen(10, of: peers, .mixed, mix: mix, random: FastRandom(seed: 3))
        #expect(mixed == chosen(10, of: peers, .random, random: FastRandom(seed: 3)))
    }

    @Test func sharesAreClamped() {
        #expect(HandOutMix(uploaders: 300, rested: 5) == HandOutMix(uploaders: 100, rested: 0))
        #expect(HandOutMix(uploaders: -1, rested: -9) == HandOutMix(uploaders: 0, rested: 0))
        for wanted in 0...80 {
            for (uploaders, rested) in [(50, 50), (33, 67), (99, 1), (1, 99)] {
                let mix = HandOutMix(uploaders: uploaders, rested: rested)
                #expect(mix.uploaders(of: wanted) + mix.rested(of: wanted) <= wanted)
            }
        }
    }

    // MARK: Random

    @Test func randomDrawsEverybodyEquallyOften() {
        var random = FastRandom(seed: 11)
        var times = [Int](repeating: 0, count: 20)
        let peers = candidates((0..<20).map { (UInt16($0), UInt8($0)) })
        for _ in 0..<20_000 {
            var drawn = peers
            let count = HandOut.choose(5, of: &drawn, by: .random, random: &random)
            for candidate in drawn.prefix(count) { times[Int(candidate.slot)] += 1 }
        }
        // 5,000 each; the seed is fixed, so this holds or does not.
        #expect(times.allSatisfy { (4_700...5_300).contains($0) })
    }

    @Test(arguments: HandOutRule.allCases) func edgesAreHarmless(_ rule: HandOutRule) {
        #expect(chosen(30, of: [], rule) == [])
        #expect(chosen(0, of: [(1, 1)], rule) == [])
        #expect(chosen(-5, of: [(1, 1)], rule) == [])
        #expect(chosen(.max, of: [(1, 1)], rule) == [0])
        #expect(Set(chosen(9, of: [(1, 1), (2, 2), (3, 3)], rule, random: Last())) == [0, 1, 2])
    }

    // MARK: Time

    @Test func restIsCountedInSteps() {
        let start = HandOutTime.code(5_000_000)
        #expect(HandOutTime.rest(since: start, at: start) == 0)
        #expect(HandOutTime.rest(since: start, at: HandOutTime.code(5_000_000 + 160)) == 10)
        #expect(HandOutTime.rest(since: HandOutTime.never, at: start) == 255)
        for step in 0..<255 {
            #expect(
                HandOutTime.rest(since: start, at: HandOutTime.code(5_000_000 + 16 * UInt32(step))) == step)
        }
        for now in stride(from: UInt32(0), to: 100_000, by: 16) {
            #expect(HandOutTime.code(now) != HandOutTime.never)
        }
    }
}

import Testing

@testable import TorrentEngine

/// Whole swarms of the real scheduler, choker, connections and blame in virtual time. After every so many events the
/// books of a node are recounted; a request, block or close that breaks a rule ends the run.
@Suite struct SwarmSimulationTests {
    /// Lines from 250 kB/s up and 1 MB/s down to eight times that.
    private func line(_ index: Int) -> SimulatedNode.Line {
        let factor = Double(1 << (index % 4))
        return SimulatedNode.Line(
            up: 250_000 * factor, down: 1_000_000 * factor, latency: .milliseconds(5 + 7 * (index % 11)))
    }

    /// Seeds, then leechers, a third of them without the fast extension.
    private func swarm(
        seeds: Int, leechers: Int, pieces: Int = 32, blocks: Int = 8, seed: UInt64, knowsBlocks: Bool = false
    ) throws -> SimulatedSwarm {
        let swarm = try SimulatedSwarm(
            pieces: pieces, blocks: blocks, tail: 5000, seed: seed, knowsBlocks: knowsBlocks)
        for index in 0..<seeds { swarm.add(line(index + 2), isSeed: true) }
        for index in 0..<leechers { swarm.add(line(index), isFast: index % 3 != 0) }
        return swarm
    }

    private func expectCompletion(of swarm: SimulatedSwarm, waste: Double) {
        let unfinished = swarm.nodes.filter { !$0.isDone }.map { "\($0.id): \($0.scheduler.missing.setCount) missing" }
        #expect(unfinished.isEmpty)
        let received = swarm.nodes.reduce(0) { $0 + $1.received }
        let wasted = swarm.nodes.reduce(0) { $0 + $1.wasted }
        #expect(Double(wasted) <= waste * Double(received), "\(wasted) of \(received) bytes came twice")
    }

    @Test(arguments: [1, 2])
    func fiftyPeersComplete(seed: UInt64) throws {
        let swarm = try swarm(seeds: 2, leechers: 50, seed: seed)
        for node in swarm.nodes { swarm.join(node) }
        swarm.run(limit: .seconds(600)) { swarm.nodes.allSatisfy(\.isDone) }
        expectCompletion(of: swarm, waste: 0.06)
        #expect(swarm.badPieces == 0)
        // The slowest line in takes 4.2 s for its 4.2 MB; what all lines out bring together is no limit.
        #expect(swarm.elapsed < .seconds(30))
    }

    @Test(arguments: [false, true])
    func fiftyPeersCompleteAmongLiars(knowsBlocks: Bool) throws {
        let swarm = try swarm(seeds: 2, leechers: 50, seed: 3, knowsBlocks: knowsBlocks)
        for (index, share) in [1, 1, 0.3, 0.05].enumerated() { swarm.add(line(index), conduct: .lying(share)) }
        for index in 0..<3 { swarm.add(line(index), conduct: .mute) }
        for index in 0..<2 { swarm.add(line(index), conduct: .rejecting) }
        for index in 0..<2 { swarm.add(line(index), conduct: .forgetful(0.1)) }
        for index in 0..<2 { swarm.add(line(index), conduct: .flapping) }
        for node in swarm.nodes { swarm.join(node) }
        swarm.run(limit: .seconds(900)) { swarm.nodes.allSatisfy(\.isDone) }
        expectCompletion(of: swarm, waste: 0.1)
        #expect(swarm.badPieces > 0)
        let liars = swarm.nodes.filter { $0.conduct == .lying(1) }.map(\.id)
        #expect(liars.allSatisfy { liar in swarm.nodes.contains { $0.banned.contains(liar) } })
    }

    @Test func fiftyPeersCompleteWhileOthersComeAndGo() throws {
        let swarm = try swarm(seeds: 2, leechers: 50, seed: 4)
        var random = SeededRandom(seed: 44)
        for node in swarm.nodes.prefix(30) { swarm.join(node) }
        swarm.run(limit: .seconds(900)) { swarm in
            guard swarm.second < 60 else {
                for node in swarm.nodes { swarm.join(node) }
                return
            }
            for _ in 0..<3 {
                // The seeds are away half of the time as well.
                let node = swarm.nodes[random.index(below: swarm.nodes.count)]
                if node.isOnline { swarm.part(node) } else { swarm.join(node) }
            }
        } isOver: {
            swarm.second > 60 && swarm.nodes.allSatisfy(\.isDone)
        }
        expectCompletion(of: swarm, waste: 0.1)
    }

    @Test func theSwarmCompletesAfterItsOnlySeedLeft() throws {
        let swarm = try swarm(seeds: 1, leechers: 20, seed: 5)
        for node in swarm.nodes { swarm.join(node) }
        let first = swarm.nodes[0]
        swarm.run(limit: .seconds(600)) { swarm in
            let copies = (0..<swarm.layout.pieceCount).allSatisfy { piece in
                swarm.nodes.contains { $0 !== first && $0.scheduler.have[piece] }
            }
            if copies, first.isOnline { swarm.part(first) }
        } isOver: {
            swarm.nodes.allSatisfy(\.isDone)
        }
        #expect(!first.isOnline)
        expectCompletion(of: swarm, waste: 0.05)
    }

    @Test func aSlowSeedIsAskedForEachPieceAboutOnce() throws {
        let swarm = try SimulatedSwarm(pieces: 32, blocks: 8, seed: 6, degree: 20)
        let seed = swarm.add(
            SimulatedNode.Line(up: 200_000, down: 1e6, latency: .milliseconds(20)), isSeed: true)
        for index in 0..<16 { swarm.add(line(index + 2)) }
        for node in swarm.nodes { swarm.join(node) }
        swarm.run(limit: .seconds(600)) { swarm.nodes.allSatisfy(\.isDone) }
        expectCompletion(of: swarm, waste: 0.05)
        // What its line brings out once takes 21 s; the leechers share the rest among themselves.
        #expect(swarm.elapsed < .seconds(60))
        #expect(seed.isOnline == false)
    }

    @Test func theSameSeedMakesTheSameRun() throws {
        func run(seed: UInt64) throws -> (UInt64, Duration) {
            let swarm = try swarm(seeds: 1, leechers: 12, pieces: 12, blocks: 4, seed: seed)
            swarm.add(line(1), conduct: .lying(0.3))
            for node in swarm.nodes { swarm.join(node) }
            swarm.run(limit: .seconds(300)) { swarm.nodes.allSatisfy(\.isDone) }
            return (swarm.trace, swarm.elapsed)
        }
        let (first, second, other) = (try run(seed: 7), try run(seed: 7), try run(seed: 8))
        #expect(first == second)
        #expect(first != other)
    }
}

import Cryptography
import Metainfo
import PeerWire
import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct HashServerTests {
    let start = ContinuousClock.now

    private func request(
        _ file: HashedFile, level: Int, index: Int, length: Int, proof: Int
    ) throws -> HashRequest {
        try #require(
            HashRequest(
                piecesRoot: file.root, baseLayer: UInt32(level), index: UInt32(index), length: UInt32(length),
                proofLayers: UInt32(proof)))
    }

    /// The answer, whatever work it takes.
    private func answer(_ file: HashedFile, _ request: HashRequest) throws -> PeerMessage {
        var server = HashServer(now: start)
        switch server.answer(request, layers: try file.pieceLayers(), now: start) {
        case .send(let message): return message
        case .run(let job): return job.run(reading: file.read)
        case .wait: return .keepAlive
        }
    }

    /// The answer as BEP 52 words it, from the test's own tree.
    private func expected(_ file: HashedFile, _ request: HashRequest) -> [UInt8] {
        let (level, index, length) = (Int(request.baseLayer), Int(request.index), Int(request.length))
        var hashes = file.layers[level][index..<index + length].flatMap { $0 }
        var node = index
        for step in 0..<Int(request.proofLayers) {
            node /= 2
            if 1 << (step + 1) >= length { hashes += file.layers[level + step + 1][node ^ 1] }
        }
        return hashes
    }

    @Test func everyRequestThatFitsTheTreeIsAnsweredWithItsProof() throws {
        // 13 blocks: a tree of 16 leaves, four pieces of four.
        let file = HashedFile(length: 200_000, pieceLength: 65_536)
        var count = 0
        for level in 0..<4 {
            let nodes = file.layers[level].count
            for length in [2, 4, 8, 16] where length <= nodes {
                for index in stride(from: 0, to: nodes, by: length) {
                    for proof in 0..<4 - level {
                        let request = try request(file, level: level, index: index, length: length, proof: proof)
                        #expect(try answer(file, request) == .hashes(request, expected(file, request)))
                        count += 1
                    }
                }
            }
        }
        #expect(count == 88)
    }

    @Test func aFileOfOnePieceIsAnsweredFromItsBlocks() throws {
        let file = HashedFile(length: 100_000, pieceLength: 262_144)
        let request = try request(file, level: 0, index: 2, length: 2, proof: 2)
        #expect(try answer(file, request) == .hashes(request, expected(file, request)))
    }

    @Test(
        arguments: [
            (4, 0, 2, 0), (0, 0, 1, 0), (0, 0, 3, 0), (0, 1, 2, 0), (0, 16, 2, 0), (0, 0, 32, 0), (0, 0, 2, 4),
            (2, 0, 4, 2), (0, 0, 0, 0), (1, 2, 4, 0), (0x7fff_ffff, 0, 2, 0), (0, 0xffff_fffe, 2, 0),
            (0, 0, 2, 0xffff_ffff), (0, 0, 0x8000_0000, 0), (31, 0, 2, 0),
        ])
    func whatDoesNotFitIsRejected(level: Int, index: Int, length: Int, proof: Int) throws {
        let file = HashedFile(length: 200_000, pieceLength: 65_536)
        let request = try request(file, level: level, index: index, length: length, proof: proof)
        #expect(try answer(file, request) == .hashReject(request))
    }

    @Test func withoutLayersNothingIsAnswered() throws {
        let file = HashedFile(length: 200_000, pieceLength: 65_536)
        let request = try request(file, level: 2, index: 0, length: 4, proof: 0)
        var server = HashServer(now: start)
        guard case .send(.hashReject(request)) = server.answer(request, layers: nil, now: start) else {
            Issue.record("not rejected")
            return
        }
        let none = PieceLayers(info: try file.info())
        guard case .send(.hashReject(request)) = server.answer(request, layers: none, now: start) else {
            Issue.record("not rejected")
            return
        }
    }

    @Test func contentThatDoesNotMatchTheLayerIsNotSpreadFurther() throws {
        let file = HashedFile(length: 200_000, pieceLength: 65_536)
        let request = try request(file, level: 0, index: 0, length: 4, proof: 0)
        var server = HashServer(now: start)
        guard case .run(let job) = server.answer(request, layers: try file.pieceLayers(), now: start) else {
            Issue.record("no job")
            return
        }
        let spoilt = job.run { offset, out in
            guard file.read(offset, out) else { return false }
            if offset == 16_384 { out[9] ^= 1 }
            return true
        }
        #expect(spoilt == .hashReject(request))
        #expect(job.run { _, _ in false } == .hashReject(request))
    }

    @Test func onePeerHasOneJobAtATimeAndAllItMayHave() throws {
        let file = HashedFile(length: 200_000, pieceLength: 65_536)
        let layers = try file.pieceLayers()
        var limits = HashServerLimits()
        limits.leafBytesAtOnce = 3 * 65_536
        limits.leafBytesPerSecond = 65_536_000
        var server = HashServer(limits: limits, now: start)
        let requests = try (0..<4).map { try request(file, level: 0, index: $0 * 4, length: 4, proof: 0) }
        guard case .run = server.answer(requests[0], layers: layers, now: start),
            case .wait = server.answer(requests[1], layers: layers, now: start),
            case .wait = server.answer(requests[2], layers: layers, now: start),
            case .send(.hashReject) = server.answer(requests[3], layers: layers, now: start)
        else {
            Issue.record("wrong order")
            return
        }
        let later = [server.finished(), server.finished(), server.finished()]
        #expect(later.map { $0?.request } == [requests[1], requests[2], nil])
        guard case .run = server.answer(requests[3], layers: layers, now: start + .milliseconds(3)) else {
            Issue.record("never refilled")
            return
        }
    }

    @Test func randomRequestsNeverTrap() throws {
        let file = HashedFile(length: 70_000, pieceLength: 32_768)
        let layers = try file.pieceLayers()
        var random = SplitMix64(seed: 52)
        var server = HashServer(now: start)
        var now = start
        var answers = 0
        for _ in 0..<20_000 {
            now += .seconds(1)
            func number() -> UInt32 {
                // Mostly small numbers and powers of two, so that some fit.
                switch random.next() % 8 {
                case 0: UInt32(truncatingIfNeeded: random.next())
                case 1, 2: 0
                case 3, 4: 1 << UInt32(random.next() % 4)
                default: UInt32(random.next() % 8)
                }
            }
            let root = random.next() % 8 == 0 ? [UInt8](repeating: 1, count: 32) : file.root
            guard
                let request = HashRequest(
                    piecesRoot: root, baseLayer: number(), index: number(), length: number(), proofLayers: number())
            else { continue }
            switch server.answer(request, layers: layers, now: now) {
            case .send(.hashes(_, let hashes)):
                #expect(hashes == expected(file, request))
                answers += 1
            case .send, .wait: break
            case .run(let job):
                #expect(job.run(reading: file.read) == .hashes(request, expected(file, request)))
                if server.finished() != nil { Issue.record("a job nobody asked for") }
                answers += 1
            }
        }
        #expect(answers > 200)
    }
}

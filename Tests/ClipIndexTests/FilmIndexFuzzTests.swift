import ByteCoding
import ClipIndex
import TestSupport
import Testing

/// Whatever bytes come as an index: no trap, and what is read is in order, writes the same bytes, and plans.
@Suite struct FilmIndexFuzzTests {
    static func bytes(_ corpus: [(name: String, hex: String)]) throws -> [[UInt8]] {
        try corpus.map { entry in try #require(Hex.decode(entry.hex), "\(entry.name)") }
    }

    /// Reads them, and does all that is done with an index.
    static func use(_ bytes: [UInt8], _ random: inout SplitMix64) throws {
        guard let index = try? FilmIndex(decoding: bytes) else { return }
        #expect(index.encoded() == bytes && index.encodedSize == bytes.count)
        for table in index.streams {
            let pairs = zip(table.buckets, table.buckets.dropFirst())
            #expect(pairs.allSatisfy { $0.time < $1.time && $0.low <= $1.low && $0.high <= $1.high })
        }
        let thinned = index.thinned(toBytes: bytes.count / 2)
        let start = Int64.random(in: 0...max(0, min(index.duration, 900_000_000_000_000)), using: &random)
        let clip = try #require(ClipInterval(microseconds: start..<start + 4_000_000))
        let grid = try #require(
            PieceGrid(pieceLength: 16_384, torrentLength: 1 << 50, fileOffset: 7, fileLength: 1 << 49))
        for index in [index, thinned] {
            guard let plan = try? index.plan(clip, mergingGapsUnder: 1000) else { continue }
            #expect(plan.pieces(grid).waste >= 1 && ClipPlanTests.isOrdered(plan.ranges))
        }
    }

    @Test func theCorpusIsReadOrRefused() throws {
        var random = SplitMix64(seed: 1)
        for (entry, bytes) in zip(FilmIndexCorpus.sound, try Self.bytes(FilmIndexCorpus.sound)) {
            #expect(throws: Never.self, "\(entry.name)") { try FilmIndex(decoding: bytes) }
            try Self.use(bytes, &random)
        }
        for (entry, bytes) in zip(FilmIndexCorpus.unsound, try Self.bytes(FilmIndexCorpus.unsound)) {
            #expect(throws: FilmIndexError.self, "\(entry.name)") { try FilmIndex(decoding: bytes) }
        }
    }

    @Test(arguments: 0..<30) func mutationsAreSafe(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let corpus = try Self.bytes(FilmIndexCorpus.sound + FilmIndexCorpus.unsound)
        for original in corpus {
            for _ in 0..<8 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...4, using: &random) where bytes.count > 6 {
                    let place = Int.random(in: 5..<bytes.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: bytes.remove(at: place)
                    case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                    case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                    default: bytes[place] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
                    }
                }
                try Self.use(bytes, &random)
            }
        }
    }

    /// Numbers of any size at every place, so that many of them are read to the end.
    @Test(arguments: 0..<30) func anyNumbersAreSafe(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed) + 99)
        func number() -> UInt64 {
            let bits = UInt64.random(in: 0...64, using: &random)
            return bits == 64 ? .max : UInt64.random(in: 0...(1 << bits), using: &random)
        }
        for _ in 0..<60 {
            var writer = VarintWriter([0x52, 0x53, 0x43, 0x49, 2, UInt8.random(in: 0...2, using: &random)])
            writer.write(number() >> 10)
            writer.write(number() >> 10)
            writer.write(0)
            let streams = UInt64.random(in: 0...3, using: &random)
            writer.write(streams)
            for _ in 0..<streams {
                writer.write(byte: UInt8.random(in: 0...3, using: &random))
                let buckets = UInt64.random(in: 0...5, using: &random)
                writer.write(buckets)
                guard buckets > 0 else { continue }
                writer.write(number() >> 10)
                for bucket in 0..<buckets {
                    writer.write(bucket == 0 ? 1 : number() | 2)
                    writer.write(number() >> 2)
                    writer.write(number() >> 2)
                }
            }
            try Self.use(writer.bytes, &random)
        }
    }
}

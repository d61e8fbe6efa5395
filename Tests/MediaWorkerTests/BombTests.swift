import ClipIndex
import Media
import Testing

/// HAZARDS L05: small files that claim to be enormous, or to have no time at all.
@Suite struct BombTests {
    struct Bomb: CustomTestStringConvertible {
        let testDescription: String
        let movie: CraftedMovie
    }

    static let bombs: [Bomb] = [
        bomb("60,000 pixels a side") { $0.side = 60_000 },
        bomb("no pixels") { $0.side = 0 },
        bomb("4,000 streams") { $0.trackCount = 4000 },
        bomb("a duration of 2^62") { $0.movieDuration = 1 << 62 },
        bomb("a duration of 2^64 - 1") { $0.movieDuration = .max },
        bomb("no time between frames") { $0.durations = [(4, 0)] },
        bomb("50 days between frames") { $0.durations = [(4, .max)] },
        bomb("a clock of 4 GHz") { $0.timescale = .max },
        bomb("a clock that stands") { $0.timescale = 0 },
        bomb("times before zero") { $0.compositions = [(4, 0x8000_0000)] },
        bomb("times far after") { $0.compositions = [(4, 0x7fff_ffff)] },
        bomb("4,000 edits of the same second") { $0.edits = Array(repeating: [1000, 0, 0x10000], count: 4000) },
        bomb("an edit that stands still") { $0.edits = [[1000, 0, 0]] },
        bomb("an edit of all time") { $0.edits = [[.max, .max, 0x10000], [.max, 0x7fff_ffff, 0x10000]] },
        bomb("an hour of 240 frames a second") {
            $0.durations = [(864_000, 4)]
            $0.sampleCount = 864_000
            $0.samplesPerChunk = 864_000
        },
        bomb("four billion samples") {
            $0.durations = [(.max, 1)]
            $0.sampleCount = .max
            $0.samplesPerChunk = .max
        },
        bomb("samples of 4 GB") { $0.constantSize = .max },
        bomb("chunks at the end of all offsets") { $0.chunkOffsets = [.max, .max - 1, 1 << 63, 0] },
        bomb("no chunks") { $0.chunkOffsets = [] },
        bomb("no durations") { $0.durations = [] },
    ]

    static func bomb(_ name: String, _ change: (inout CraftedMovie) -> Void) -> Bomb {
        var movie = CraftedMovie()
        change(&movie)
        return Bomb(testDescription: name, movie: movie)
    }

    @Test(arguments: bombs) func isAnswered(bomb: Bomb) async throws {
        let folder = try FilmFolder()
        let path = try folder.write(bomb.movie.bytes, to: "bomb.mp4")
        let refusals = [
            await refusal(of: path), await HostileFileTests.quick(path), await HostileFileTests.scan(path),
            await HostileFileTests.picture(path),
        ]
        for kind in refusals + (await HostileFileTests.cut(path, in: folder)) {
            #expect(kind == nil || kind == .broken || kind == .notAVideo || kind == .timedOut)
        }
        if let facts = try? await Worker.client.probe(file: path) {
            #expect(facts.duration.map { $0.isFinite && $0 >= 0 } ?? true)
            #expect(facts.streams.count <= 32)
        }
    }

    /// The crafted movie itself is an honest one: its tables are read as they stand.
    @Test func honestTablesAreRead() async throws {
        let folder = try FilmFolder()
        let path = try folder.write(CraftedMovie().bytes, to: "honest.mp4")
        let index = try #require(try await Worker.client.quickIndex(file: path))
        let buckets = try #require(index.streams.first?.buckets)
        #expect(buckets.map(\.time) == [0, 40_000, 80_000, 120_000, 160_000])
        #expect(buckets.map(\.low) == [40, 140, 240, 340, 440])
        #expect(buckets.map(\.high) == [0, 140, 240, 340, 440])
    }
}

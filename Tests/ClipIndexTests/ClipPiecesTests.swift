import ClipIndex
import TestSupport
import Testing

@Suite struct ClipPiecesTests {
    static func plan(_ ranges: [Range<UInt64>]) throws -> ClipPlan {
        let table = StreamIndex(
            kind: .audio,
            buckets: [
                Bucket(time: 0, low: ranges[1].lowerBound, high: 0, isKey: false),
                Bucket(time: 5000, low: ranges[1].upperBound, high: ranges[1].upperBound, isKey: false),
            ])
        let index = FilmIndex(streams: [table], headerRanges: [ranges[0]], duration: 5000)
        return try index.plan(try #require(ClipInterval(start: 0, end: 0.005)))
    }

    @Test func countsThePiecesOfTheFile() throws {
        let plan = try Self.plan([0..<10, 250..<420])
        let grid = try #require(PieceGrid(pieceLength: 100, torrentLength: 750, fileOffset: 200, fileLength: 500))
        let pieces = plan.pieces(grid)
        #expect(pieces.runs == [2...2, 4...6])
        #expect(pieces.count == 4 && pieces.byteCount == 400)
        #expect(abs(pieces.waste - 400.0 / 180) < 1e-9)
    }

    @Test func theLastPieceIsShortAndNeighboursAreOneRun() throws {
        let grid = try #require(PieceGrid(pieceLength: 100, torrentLength: 750, fileOffset: 200, fileLength: 550))
        let pieces = try Self.plan([380..<400, 410..<900]).pieces(grid)
        #expect(pieces.runs == [5...7] && pieces.byteCount == 250)
        #expect(abs(pieces.waste - 250.0 / 160) < 1e-9)
    }

    @Test func whatLiesOutsideIsNotThere() throws {
        let grid = try #require(PieceGrid(pieceLength: 100, torrentLength: 300, fileOffset: 0, fileLength: 300))
        let pieces = try Self.plan([5000..<6000, UInt64(Int64.max - 9)..<UInt64(Int64.max)]).pieces(grid)
        #expect(pieces.runs.isEmpty && pieces.count == 0 && pieces.byteCount == 0 && pieces.waste == 1)
    }

    @Test func isNoGrid() {
        #expect(PieceGrid(pieceLength: 0, torrentLength: 5, fileOffset: 0, fileLength: 5) == nil)
        #expect(PieceGrid(pieceLength: 1, torrentLength: 5, fileOffset: 1, fileLength: 5) == nil)
        #expect(PieceGrid(pieceLength: 1, torrentLength: 5, fileOffset: .max, fileLength: 5) == nil)
        #expect(PieceGrid(pieceLength: 1, torrentLength: .max, fileOffset: 0, fileLength: 5) == nil)
    }

    /// Byte for byte: a piece is fetched if and only if a byte of it is needed.
    @Test(arguments: 0..<100) func isExact(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        func any(_ range: Range<UInt64>) -> UInt64 { UInt64.random(in: range, using: &random) }
        let torrent = any(1..<2000)
        let offset = any(0..<torrent)
        let length = any(0..<torrent - offset + 1)
        let piece = any(1..<300)
        let bounds = (0..<4).map { _ in any(0..<2200) }.sorted()
        guard bounds[0] < bounds[1], bounds[2] < bounds[3] else { return }
        let plan = try Self.plan([bounds[0]..<bounds[1], bounds[2]..<bounds[3]])
        let grid = try #require(
            PieceGrid(pieceLength: piece, torrentLength: torrent, fileOffset: offset, fileLength: length))
        let needed = (0..<length).filter { byte in plan.ranges.contains { $0.contains(byte) } }
        let numbers = Set(needed.map { Int((offset + $0) / piece) }).sorted()
        let pieces = plan.pieces(grid)
        #expect(pieces.runs.flatMap(Array.init) == numbers && pieces.count == numbers.count)
        #expect(pieces.byteCount == numbers.reduce(0) { $0 + min(piece, torrent - UInt64($1) * piece) })
        #expect(zip(pieces.runs, pieces.runs.dropFirst()).allSatisfy { $0.upperBound + 1 < $1.lowerBound })
    }
}

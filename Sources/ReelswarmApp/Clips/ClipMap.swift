import ClipIndex
import Foundation

/// Which bytes and pieces of a film hold a clip, as `clip-map` shows it.
struct ClipMap: Encodable {
    struct Pieces: Encodable {
        let pieceLength: UInt64
        /// The first and the last piece of each run.
        let runs: [[Int]]
        let count: Int
        let bytes: UInt64
        /// Bytes of the pieces for each byte that is needed.
        let waste: Double

        enum CodingKeys: String, CodingKey {
            case runs, count, bytes, waste
            case pieceLength = "piece_length"
        }
    }

    /// The film's path.
    let file: String
    let start: Double
    let end: Double
    let actualStart: Double
    let duration: Double
    /// Ranges by their first and last byte.
    let headerRanges: [[UInt64]]
    let mediaRanges: [[UInt64]]
    let ranges: [[UInt64]]
    let bytes: UInt64
    let filmBytes: UInt64
    let percent: Double
    /// Nil for a film that is in no torrent.
    let pieces: Pieces?

    enum CodingKeys: String, CodingKey {
        case file, start, end, duration, ranges, bytes, percent, pieces
        case actualStart = "actual_start"
        case headerRanges = "header_ranges"
        case mediaRanges = "media_ranges"
        case filmBytes = "film_bytes"
    }

    /// The map of a film of `length` bytes.
    init(_ plan: ClipPlan, of file: String, _ index: FilmIndex, length: UInt64, grid: PieceGrid?) {
        self.file = file
        start = Self.seconds(plan.interval.start)
        end = Self.seconds(plan.interval.end)
        actualStart = Self.seconds(plan.actualStart)
        duration = Self.seconds(index.duration)
        headerRanges = Self.pairs(plan.headerRanges)
        mediaRanges = Self.pairs(plan.mediaRanges)
        ranges = Self.pairs(plan.ranges)
        bytes = plan.byteCount
        filmBytes = length
        percent = length == 0 ? 0 : (Double(plan.byteCount) / Double(length) * 1000).rounded() / 10
        pieces = grid.map { grid in
            let pieces = plan.pieces(grid)
            return Pieces(
                pieceLength: grid.pieceLength, runs: pieces.runs.map { [$0.lowerBound, $0.upperBound] },
                count: pieces.count, bytes: pieces.byteCount, waste: (pieces.waste * 1000).rounded() / 1000)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(start, forKey: .start)
        try container.encode(end, forKey: .end)
        try container.encode(actualStart, forKey: .actualStart)
        try container.encode(duration, forKey: .duration)
        try container.encode(headerRanges, forKey: .headerRanges)
        try container.encode(mediaRanges, forKey: .mediaRanges)
        try container.encode(ranges, forKey: .ranges)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(filmBytes, forKey: .filmBytes)
        try container.encode(percent, forKey: .percent)
        // Null, not left out: the answer always has the same members.
        try container.encode(pieces, forKey: .pieces)
    }

    /// The map for people.
    var lines: [(name: String, value: String)] {
        let amount = "\(bytes) (\(Output.size(Int64(clamping: bytes)))), \(percent) % of the film"
        var lines = [
            ("film", file), ("clip", "\(Self.text(start)) to \(Self.text(end)) of \(Self.text(duration))"),
            ("begins at", Self.text(actualStart)), ("header bytes", Self.text(headerRanges)),
            ("media bytes", Self.text(mediaRanges)), ("bytes", amount),
        ]
        if let pieces {
            let size = Output.size(Int64(clamping: pieces.bytes))
            let waste = String(format: "%.2f", pieces.waste)
            lines.append(("pieces", "\(pieces.count) of \(pieces.pieceLength) bytes: \(Self.text(pieces.runs))"))
            lines.append(("to fetch", "\(pieces.bytes) (\(size)), \(waste) for each byte of the clip"))
        }
        return lines
    }

    private static func seconds(_ microseconds: Int64) -> Double { Double(microseconds) / 1e6 }

    private static func text(_ seconds: Double) -> String { String(format: "%.3f s", seconds) }

    private static func pairs(_ ranges: [Range<UInt64>]) -> [[UInt64]] {
        ranges.filter { !$0.isEmpty }.map { [$0.lowerBound, $0.upperBound - 1] }
    }

    /// `0-39, 3800-8999`, the first twenty of them.
    private static func text(_ pairs: [[some FixedWidthInteger]]) -> String {
        let shown = pairs.prefix(20).map { $0.first == $0.last ? "\($0[0])" : "\($0[0])-\($0[1])" }
        let rest = pairs.count - shown.count
        return (shown + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: ", ")
    }
}

import Catalog
import ClipIndex
import Publishing

/// A planned clip as programs read it. Ranges of bytes and pieces name their first and last, both included.
struct ClipPlanJSON: Encodable {
    private enum Member: String, CodingKey {
        case start, end, duration, ranges, bytes, percent, pieces, links, formats
        case actualStart = "actual_start"
        case fastStart = "mode_fast_starts_at"
        case headerRanges = "header_ranges"
        case mediaRanges = "media_ranges"
        case filmBytes = "film_bytes"
    }

    let offer: ClipOffer

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Member.self)
        let plan = offer.cost.plan
        try json.encode(offer.start, forKey: .start)
        try json.encode(offer.end, forKey: .end)
        try json.encode(offer.actualStart, forKey: .actualStart)
        try json.encode(offer.cost.filmDuration, forKey: .duration)
        try json.encode(offer.fastStart, forKey: .fastStart)
        try json.encode(Self.bounds(plan.headerRanges), forKey: .headerRanges)
        try json.encode(Self.bounds(plan.mediaRanges), forKey: .mediaRanges)
        try json.encode(Self.bounds(plan.ranges), forKey: .ranges)
        try json.encode(plan.byteCount, forKey: .bytes)
        try json.encode(offer.cost.filmBytes, forKey: .filmBytes)
        try json.encode(offer.percent, forKey: .percent)
        try json.encode(pieces, forKey: .pieces)
        try json.encode(links, forKey: .links)
        try json.encode(offer.ways.endings.copies, forKey: .formats)
    }

    private static func bounds(_ ranges: [Range<UInt64>]) -> [[UInt64]] {
        ranges.filter { !$0.isEmpty }.map { [$0.lowerBound, $0.upperBound - 1] }
    }

    private var pieces: PiecesJSON? {
        guard offer.ways.torrent != nil, let pieces = offer.cost.pieces, let length = offer.cost.pieceLength else {
            return nil
        }
        return PiecesJSON(
            pieceLength: length, runs: pieces.runs.map { [$0.lowerBound, $0.upperBound] }, count: pieces.count,
            bytes: pieces.byteCount, waste: (pieces.waste * 100).rounded() / 100)
    }

    private var links: LinksJSON {
        let ways = offer.ways
        return LinksJSON(
            page: ways.page, download: ways.download(.fast).map { ways.origin + $0 }, torrent: ways.torrent?.url,
            command: ways.command)
    }
}

/// The pieces of a clip.
private struct PiecesJSON: Encodable {
    private enum CodingKeys: String, CodingKey {
        case pieceLength = "piece_length"
        case runs, count, bytes, waste
    }
    let pieceLength: Int
    let runs: [[Int]]
    let count: Int
    let bytes: UInt64
    let waste: Double
}

/// The ways to have a clip. What there is not is null.
private struct LinksJSON: Encodable {
    private enum Member: String, CodingKey { case page, download, torrent, command }
    let page: String
    let download: String?
    let torrent: String?
    let command: String?

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Member.self)
        try json.encode(page, forKey: .page)
        try json.encode(download, forKey: .download)
        try json.encode(torrent, forKey: .torrent)
        try json.encode(command, forKey: .command)
    }
}

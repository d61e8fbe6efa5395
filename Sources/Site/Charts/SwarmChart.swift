import Catalog
import Store

/// The history of one swarm, or of all together, as a drawing: seeders and leechers above, bytes we sent below.
///
/// Only geometry and words are made here; the template has the elements, and the style sheet the colours. The drawing is
/// as wide as its place, its height is fixed.
struct SwarmChart {
    /// The upper drawing's top and bottom, in CSS pixels.
    static let lines = (top: 18.0, bottom: 148.0)
    /// The bars' top and bottom.
    static let bars = (top: 186.0, bottom: 226.0)

    private let points: [HistoryPoint]
    private let axis: TimeAxis
    private let scale: ChartScale
    private let sent: [Int64]
    private let words: String

    /// A chart of what was noted; nil for fewer than two points.
    ///
    /// - Parameters:
    ///   - points: in any order; each holds until the next.
    ///   - range: how far back it goes at most. It begins with the first point when that is later.
    ///   - now: where it ends, in seconds since 1970.
    init?(_ points: [HistoryPoint], range: HistoryRange, now: Int64) {
        guard points.count >= 2 else { return nil }
        let sorted = points.sorted { $0.at < $1.at }
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let end = max(now, last.at.seconds)
        let axis = TimeAxis(from: max(end - range.seconds, first.at.seconds), to: end)
        self.points = sorted
        self.axis = axis
        let most = sorted.reduce(0) { max($0, $1.seeders, $1.leechers) }
        scale = ChartScale(upTo: Double(most))
        sent = Self.bars(sorted, axis)
        words = range.rawValue
    }

    /// What the template shows.
    var values: TemplateValue {
        let bars = Self.bars
        return [
            "title": .text("Swarm of the last \(words)"), "description": .text(description), "grid": .list(grid),
            "ticks": .list(axis.ticks.map(Self.tick)), "plot": Self.box(Self.lines), "bars_plot": Self.box(bars),
            "seeders_area": .text(ChartPath.area(places(\.seeders))),
            "seeders_line": .text(ChartPath.steps(places(\.seeders))),
            "leechers_line": .text(ChartPath.steps(places(\.leechers))), "bars": .text(barPath),
            "bars_caption": .text(barCaption), "caption_y": .text(ChartPath.number(bars.top - 10)),
            "bottom": .text(ChartPath.number(bars.bottom)), "floor": .text(ChartPath.number(Self.lines.bottom)),
            "labels_y": .text(ChartPath.number(bars.bottom + 17)),
            "most_seeders": .text(ByteWords.grouped(most(\.seeders))),
            "most_leechers": .text(ByteWords.grouped(most(\.leechers))),
            "sent": .text(ByteWords.decimal(total)), "rows": .list(points.suffix(12).reversed().map(Self.row)),
        ]
    }

    // MARK: - Lines

    private func places(_ count: KeyPath<HistoryPoint, Int>) -> [ChartPath.Place] {
        points.map { point in
            ChartPath.Place(x: axis.place(point.at.seconds), y: scale.height(Double(point[keyPath: count])))
        }
    }

    private func most(_ count: KeyPath<HistoryPoint, Int>) -> Int { points.reduce(0) { max($0, $1[keyPath: count]) } }

    private var grid: [TemplateValue] {
        let (top, bottom) = Self.lines
        return scale.lines.map { value in
            let y = top + (bottom - top) * scale.height(value)
            return [
                "y": .text(ChartPath.number(y)), "label_y": .text(ChartPath.number(y - 4)),
                "label": .text(ChartScale.label(value)),
            ]
        }
    }

    // MARK: - Bars

    /// The bytes of each bar. Bars begin at round moments, the first and the last may be cut by the edges.
    private static func bars(_ points: [HistoryPoint], _ axis: TimeAxis) -> [Int64] {
        let length = axis.barLength
        let first = axis.start / length
        var sums = [Int64](repeating: 0, count: Int(clamping: min(axis.end / length - first + 1, 64)))
        for point in points where point.at.seconds >= axis.start && point.uploaded > 0 {
            let index = Int(clamping: point.at.seconds / length - first)
            guard sums.indices.contains(index) else { continue }
            sums[index] = sum(sums[index], point.uploaded)
        }
        return sums
    }

    private var barPath: String {
        let length = axis.barLength
        let first = axis.start / length
        let largest = Double(sent.max() ?? 0)
        guard largest > 0 else { return "" }
        let bars = sent.enumerated().map { index, bytes in
            let from = (first + Int64(index)) * length
            // What was sent is there to be seen, however little it is beside the rest.
            let share = bytes > 0 ? max(Double(bytes) / largest, 0.03) : 0
            return (from: axis.place(from), to: axis.place(from + length), y: 1 - share)
        }
        return ChartPath.bars(bars)
    }

    private var barCaption: String {
        guard let largest = sent.max(), largest > 0 else { return "This server has sent nothing in this time" }
        return "Sent by this server per \(axis.barWords), at most \(ByteWords.decimal(largest))"
    }

    private var total: Int64 { sent.reduce(0, Self.sum) }

    /// The sum, or the largest number there is.
    private static func sum(_ one: Int64, _ other: Int64) -> Int64 {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    // MARK: - Words

    private var description: String {
        guard let last = points.last else { return "" }
        return "From \(TimeWords.moment(Timestamp(seconds: axis.start))) to "
            + "\(TimeWords.moment(Timestamp(seconds: axis.end))) UTC. Seeders: \(ByteWords.grouped(last.seeders)) at the "
            + "end, \(ByteWords.grouped(most(\.seeders))) at most. Leechers: \(ByteWords.grouped(last.leechers)) at the "
            + "end, \(ByteWords.grouped(most(\.leechers))) at most. This server has sent \(ByteWords.decimal(total))."
    }

    private static func tick(_ tick: TimeAxis.Tick) -> TemplateValue {
        ["x": .text(ChartPath.number(tick.place * 100) + "%"), "label": .text(tick.label)]
    }

    private static func box(_ box: (top: Double, bottom: Double)) -> TemplateValue {
        ["y": .text(ChartPath.number(box.top)), "height": .text(ChartPath.number(box.bottom - box.top))]
    }

    private static func row(_ point: HistoryPoint) -> TemplateValue {
        [
            "at": .text("\(point.at)"), "time": .text(TimeWords.moment(point.at)),
            "seeders": .text(ByteWords.grouped(max(0, point.seeders))),
            "leechers": .text(ByteWords.grouped(max(0, point.leechers))),
            "sent": .text(ByteWords.decimal(max(0, point.uploaded))),
        ]
    }
}

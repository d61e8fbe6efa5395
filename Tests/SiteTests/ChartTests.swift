import Catalog
import Foundation
import HTTPWire
import Store
import Synchronization
import Testing

@testable import Site

@Suite struct ChartTests {
    private static let now: Int64 = 1_795_243_500  // 2026-11-21 06:45 UTC

    private static func point(_ ago: Int64, _ seeders: Int, _ leechers: Int, sent: Int64 = 0) -> HistoryPoint {
        HistoryPoint(at: Timestamp(seconds: now - ago), seeders: seeders, leechers: leechers, uploaded: sent)
    }

    private static func chart(_ points: [HistoryPoint], _ range: HistoryRange = .day) -> [String: TemplateValue]? {
        guard case .object(let values) = SwarmChart(points, range: range, now: now)?.values else { return nil }
        return values
    }

    private static func text(_ value: TemplateValue?) -> String {
        if case .text(let text) = value { text } else { "" }
    }

    @Test func onePointIsNoChart() {
        #expect(Self.chart([]) == nil)
        #expect(Self.chart([Self.point(60, 1, 1)]) == nil)
    }

    /// Every value holds until the next one, and the last to the end.
    @Test func linesHoldTheirValues() throws {
        let values = try #require(
            Self.chart([Self.point(43_200, 4, 0), Self.point(86_400, 0, 2), Self.point(21_600, 2, 0)]))
        #expect(Self.text(values["seeders_line"]) == "M0 100H500V0H750V50H1000")
        #expect(Self.text(values["seeders_area"]) == "M0 100H500V0H750V50H1000V100H0Z")
        #expect(Self.text(values["leechers_line"]) == "M0 50H500V100H1000")
        #expect(Self.text(values["most_seeders"]) == "4" && Self.text(values["most_leechers"]) == "2")
        #expect(Self.text(values["bars"]) == "")
        #expect(Self.text(values["bars_caption"]) == "This server has sent nothing in this time")
    }

    @Test func itBeginsWithTheFirstPointAndLeavesOutWhatIsOlder() throws {
        let young = try #require(Self.chart([Self.point(1200, 1, 0), Self.point(600, 2, 0)]))
        #expect(Self.text(young["seeders_line"]) == "M0 50H500V0H1000")
        let old = try #require(Self.chart([Self.point(200_000, 1, 0), Self.point(43_200, 2, 0)]))
        #expect(Self.text(old["seeders_line"]) == "M0 50H500V0H1000")
        #expect(Self.text(old["sent"]) == "0 bytes")
    }

    @Test func barsAreSumsOfRoundSpans() throws {
        let values = try #require(
            Self.chart([
                Self.point(86_400, 1, 0), Self.point(900, 1, 0, sent: 1_000_000), Self.point(1100, 1, 0, sent: 500_000),
                Self.point(7200, 1, 0, sent: 1),
            ]))
        #expect(Self.text(values["bars_caption"]) == "Sent by this server per hour, at most 1.5 MB")
        #expect(Self.text(values["sent"]) == "1.5 MB")
        #expect(Self.text(values["bars"]).split(separator: "Z").count == 2)
    }

    /// Histories that nobody should have, by name.
    private enum Wild: String, CaseIterable, Sendable {
        case huge, flat, ahead, endless, long

        var points: [HistoryPoint] {
            switch self {
            case .huge:
                [
                    ChartTests.point(86_400, .max, .min, sent: .max), ChartTests.point(0, .max, .max, sent: .max),
                    ChartTests.point(10, -5, -5, sent: -5),
                ]
            case .flat: [ChartTests.point(0, 0, 0), ChartTests.point(0, 0, 0)]
            case .ahead: [ChartTests.point(-86_400, 1, 1), ChartTests.point(-86_400, 1, 1)]
            case .endless:
                [Int64.min, .max].map {
                    HistoryPoint(at: Timestamp(microseconds: $0), seeders: 1, leechers: 1)
                }
            case .long: (0..<2000).map { ChartTests.point(Int64($0) * 300, $0 % 7, $0 % 5, sent: Int64($0)) }
            }
        }
    }

    /// Nothing that is no number, and no exponents, whatever comes.
    @Test(arguments: Wild.allCases, HistoryRange.allCases)
    private func drawsWhateverComes(_ wild: Wild, _ range: HistoryRange) throws {
        let values = try #require(Self.chart(wild.points, range))
        for name in ["seeders_line", "seeders_area", "leechers_line", "bars"] {
            let path = Self.text(values[name])
            #expect(path.wholeMatch(of: /([MHVZ]|-?\d{1,6}(\.\d)?| )*/) != nil, "\(name): \(path.prefix(200))")
        }
        guard case .list(let ticks) = values["ticks"], case .list(let rows) = values["rows"] else {
            Issue.record("no ticks or rows")
            return
        }
        #expect(ticks.count <= 5 && rows.count <= 12)
    }

    @Test(arguments: [
        (0.0, 1.0, 1.0), (1, 1, 1), (3, 3, 1), (5, 5, 1), (6, 6, 2), (7, 8, 2), (10, 10, 2), (11, 15, 5), (99, 100, 20),
        (1234, 1500, 500), (5_000_001, 6_000_000, 2_000_000),
    ])
    func scalesAreRound(_ largest: Double, _ top: Double, _ step: Double) {
        let scale = ChartScale(upTo: largest)
        #expect(scale.top == top && scale.step == step)
        #expect(scale.lines.last == top && (1...5).contains(scale.lines.count))
    }

    @Test func scalesBearAnyNumber() {
        for value in [Double.nan, .infinity, -.infinity, -1, 1e300] {
            let scale = ChartScale(upTo: value)
            #expect(scale.top >= 1 && scale.top.isFinite && (1...5).contains(scale.lines.count))
            #expect((0...1).contains(scale.height(value)))
        }
        #expect(ChartScale.label(1500) == "1.5k" && ChartScale.label(3e6) == "3M" && ChartScale.label(250) == "250")
    }

    @Test func timesAreRoundAndInside() {
        let day = TimeAxis(from: Self.now - 86_400, to: Self.now)
        #expect(day.ticks.map(\.label) == ["12:00", "18:00", "21 Nov"])
        #expect(day.barWords == "hour")
        let week = TimeAxis(from: Self.now - 7 * 86_400, to: Self.now)
        #expect(week.ticks.map(\.label) == ["17 Nov", "19 Nov"])
        let year = TimeAxis(from: Self.now - 365 * 86_400, to: Self.now)
        #expect(year.ticks.allSatisfy { $0.label.hasSuffix(" 2026") })
        for length: Int64 in [0, 1, 300, 3600, 50_000, 86_400, 3_000_000, 40_000_000, 4_000_000_000] {
            let axis = TimeAxis(from: Self.now - length, to: Self.now)
            #expect(axis.ticks.count <= 5 && axis.ticks.allSatisfy { (0...1).contains($0.place) })
            #expect(axis.barLength > 0)
        }
    }

    @Test func rangesComeFromTheAddress() throws {
        #expect(HistoryRange(try FormFields(decoding: Array("history=week".utf8), limit: 9)) == .week)
        for wrong in ["", "history=", "history=century", "history=%00", "other=week"] {
            #expect(HistoryRange(try FormFields(decoding: Array(wrong.utf8), limit: 9)) == .day)
        }
    }

    // MARK: - Memory

    private final class Drawings: Sendable {
        let count = Mutex(0)
    }

    @Test func aChartIsDrawnOnceForAllWhoAsk() async {
        let cache = ChartCache()
        let drawn = Drawings()
        let key = ChartCache.Key(hash: nil, range: .day)
        await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask {
                    let chart = await cache.chart(key) {
                        drawn.count.withLock { $0 += 1 }
                        return "drawn"
                    }
                    #expect(chart == "drawn")
                }
            }
        }
        #expect(drawn.count.withLock { $0 } == 1)
        #expect(await cache.chart(ChartCache.Key(hash: nil, range: .week)) { "other" } == "other")
    }

    @Test func failuresAndOldChartsAreForgotten() async {
        let cache = ChartCache()
        let key = ChartCache.Key(hash: nil, range: .day)
        #expect(await cache.chart(key) { nil } == nil)
        #expect(await cache.chart(key) { "now" } == "now")
        let old = ChartCache(lifetime: .zero)
        #expect(await old.chart(key) { "one" } == "one")
        #expect(await old.chart(key) { "two" } == "two")
    }

    @Test func itsMemoryIsBounded() async {
        let cache = ChartCache(capacity: 3)
        for range in HistoryRange.allCases {
            _ = await cache.chart(ChartCache.Key(hash: nil, range: range)) { "chart" }
            #expect(cache.count <= 3)
        }
    }
}

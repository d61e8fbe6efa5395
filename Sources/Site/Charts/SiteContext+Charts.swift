import Catalog
import Foundation
import HTTPWire
import Logging
import Metainfo
import Store

extension SiteContext {
    /// The history of a torrent, or of all together, for the page at `path`: the chart, or a sentence where there is
    /// nothing to draw.
    func history(of hash: InfoHash?, for query: FormFields, at path: String) async -> TemplateValue {
        let range = HistoryRange(query)
        let chart = await charts.chart(ChartCache.Key(hash: hash, range: range)) { await draw(hash, range) }
        return [
            "ranges": range.links(from: path), "chart": chart ?? .nothing,
            "has_chart": .flag(chart.map { $0 != .nothing } ?? false),
            "sentence": .text(
                chart == nil
                    ? "The history cannot be read just now."
                    : "There is no history yet. It is noted every five minutes."),
        ]
    }

    /// Nil when the database does not answer; nothing where there is too little to draw.
    private func draw(_ hash: InfoHash?, _ range: HistoryRange) async -> TemplateValue? {
        do throws(StoreError) {
            let points = try await points(of: hash, range)
            let now = Int64(Date().timeIntervalSince1970)
            return SwarmChart(points, range: range, now: now).map { templates.part(.swarmChart, $0.values) } ?? .nothing
        } catch {
            logger.warning("history not read", metadata: ["reason": "\(error.message)"])
            return nil
        }
    }

    /// The points of a range. They are continuous from the first one on, so where there are few the film is younger than
    /// a shorter range, whose finer points say more.
    private func points(of hash: InfoHash?, _ range: HistoryRange) async throws(StoreError) -> [HistoryPoint] {
        let since = Duration.seconds(range.seconds)
        let points =
            if let hash {
                try await store.history.samples(hash, since: since, points: range.points)
            } else {
                try await store.history.totals(since: since, points: range.points)
            }
        guard (1..<12).contains(points.count), let shorter = range.shorter else { return points }
        return try await self.points(of: hash, shorter)
    }
}

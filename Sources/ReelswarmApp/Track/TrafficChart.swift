/// Announces a second over the last half hour as a small drawing: UDP below, HTTP on top of it.
enum TrafficChart {
    private static let width = 720.0
    private static let height = 110.0
    private static let points = 180

    /// The drawing; nothing for fewer than two rates.
    static func svg(_ history: [TrafficMeter.Rate]) -> String {
        guard history.count > 1 else { return "" }
        let rates = thinned(history)
        let most = max(rates.map(\.both).max() ?? 0, 1)
        let udp = area(rates.map(\.udp), over: rates.map { _ in 0 }, most)
        let http = area(rates.map(\.both), over: rates.map(\.udp), most)
        return """
            <svg viewBox="0 0 \(Int(width)) \(Int(height) + 14)" role="img" aria-label="Announces a second, the last \
            \(TrackPage.duration(history.count * 5)); at most \(TrackPage.rate(most))">
            <path class="s" d="\(udp)"/><path class="l" d="\(http)"/>
            <text x="0" y="\(Int(height) + 12)" font-size="11" fill="currentColor" opacity=".7">\
            \(TrackPage.duration(history.count * 5)), UDP below, HTTP above; the highest is \(TrackPage.rate(most)) a \
            second</text></svg>
            """
    }

    /// No more rates than are drawn: each the greatest of its stretch.
    private static func thinned(_ history: [TrafficMeter.Rate]) -> [TrafficMeter.Rate] {
        let step = (history.count + points - 1) / points
        return stride(from: 0, to: history.count, by: step).map { start in
            history[start..<min(start + step, history.count)].max { $0.both < $1.both } ?? TrafficMeter.Rate()
        }
    }

    private static func area(_ upper: [Double], over lower: [Double], _ most: Double) -> String {
        let step = width / Double(max(upper.count - 1, 1))
        let point = { (index: Int, value: Double) in
            "\(rounded(Double(index) * step)) \(rounded(height - value / most * (height - 4)))"
        }
        let there = upper.enumerated().map(point)
        let back = lower.enumerated().map(point).reversed()
        return "M" + (there + back).joined(separator: "L") + "Z"
    }

    private static func rounded(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}

/// How a chart's time is divided: no finer than rows of that age are kept.
struct HistoryWindow: Equatable {
    /// The most points a chart has.
    static let maximumPoints = 2000
    /// The longest time a chart reaches back, in seconds: a hundred years.
    private static let longest: Int64 = 3_155_760_000

    /// How many points, 1...2,000.
    let points: Int
    /// Seconds of each.
    let width: Double

    init(since: Duration, points: Int) {
        let seconds = min(max(since.components.seconds, 1), Self.longest)
        let wanted = min(max(points, 1), Self.maximumPoints)
        let finest = HistoryThinning.span(keptAt: seconds)
        let width = max((Double(seconds) / Double(wanted)).rounded(.up), Double(finest))
        self.width = width
        self.points = min(wanted, max(1, Int((Double(seconds) / width).rounded(.up))))
    }
}

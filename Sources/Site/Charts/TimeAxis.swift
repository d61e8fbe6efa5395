import Catalog

/// A horizontal axis of time, labelled in UTC at round moments.
struct TimeAxis: Equatable {
    /// A mark on the axis.
    struct Tick: Equatable {
        /// Where it is, 0 at the beginning to 1 at the end.
        let place: Double
        let label: String
    }

    private static let minute: Int64 = 60
    private static let hour: Int64 = 3600
    private static let day: Int64 = 86_400
    /// Distances of ticks, and lengths of bars.
    private static let round: [Int64] =
        [5, 10, 15, 30].map { $0 * minute } + [1, 2, 3, 6, 12].map { $0 * hour }
        + [1, 2, 4, 7, 14, 30, 60, 90, 180].map { $0 * day }

    /// The first moment, in seconds since 1970.
    let start: Int64
    /// The last moment, later than the first.
    let end: Int64

    /// An axis between two moments; at least five minutes long.
    init(from start: Int64, to end: Int64) {
        self.start = start
        self.end = max(end, start + 5 * Self.minute)
    }

    /// Where a moment lies, 0 at the beginning to 1 at the end; moments outside lie on the edge.
    func place(_ moment: Int64) -> Double {
        Double(min(max(moment, start), end) - start) / Double(end - start)
    }

    /// At most five marks, none so near to an edge that its label would be cut off.
    var ticks: [Tick] {
        let step = Self.round.first { (end - start) / $0 <= 4 } ?? 365 * Self.day
        var ticks: [Tick] = []
        var moment = start - start % step
        while moment <= end, ticks.count < 5 {
            let place = place(moment)
            if moment >= start, (0.17...0.91).contains(place) {
                ticks.append(Tick(place: place, label: Self.label(moment, step: step)))
            }
            moment += step
        }
        return ticks
    }

    /// The length of one bar in seconds: the shortest round one of which at most 48 fill the axis.
    var barLength: Int64 { Self.round.first { (end - start) / $0 < 48 } ?? 365 * Self.day }

    /// How long a bar is, in words.
    var barWords: String {
        let length = barLength
        let (count, unit) =
            length < Self.hour
            ? (length / Self.minute, "minute")
            : length < Self.day ? (length / Self.hour, "hour") : (length / Self.day, "day")
        return count == 1 ? unit : "\(count) \(unit)s"
    }

    /// `18:00`, `21 Nov` at midnight and for whole days, `Nov 2026` where ticks are far apart.
    private static func label(_ moment: Int64, step: Int64) -> String {
        let time = Timestamp(seconds: moment)
        if step >= 60 * day { return TimeWords.month(time) }
        return moment % day == 0 ? TimeWords.shortDay(time) : TimeWords.minute(time)
    }
}

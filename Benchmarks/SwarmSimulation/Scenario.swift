/// Who comes when, and how long they stay.
struct Scenario: Sendable {
    /// One downloader to come.
    struct Visit {
        let arrival: Double
        let capacity: Capacity
        /// Whether others can connect to it.
        let isReachable: Bool
        /// Seconds it stays after it has everything.
        let stay: Double
        let isMeasured: Bool
    }

    let name: String
    /// Seconds between arrivals on average; nil when all come in the first half minute.
    let arrivalInterval: Double?
    /// How many come when all come at once; else they keep coming.
    let crowd: Int
    /// Only those that come in this stretch of time are measured.
    let measured: Range<Double>
    /// Share of the peers that never upload and leave at once when they have everything.
    let takers: Double
    /// Seconds the others stay on average when they have everything.
    let meanStay: Double

    /// A film of 256 MiB in 256 pieces, in bytes.
    static let pieceLength = 1_048_576.0
    /// When a run is broken off, in seconds.
    static let end = 15_000.0

    static let all = [
        Scenario(
            name: "flash crowd", arrivalInterval: nil, crowd: 300, measured: 0..<100, takers: 0,
            meanStay: 600),
        Scenario(
            name: "steady", arrivalInterval: 8, crowd: 0, measured: 3_000..<6_000, takers: 0,
            meanStay: 600),
        Scenario(
            name: "half never upload", arrivalInterval: 12, crowd: 0, measured: 3_000..<6_000,
            takers: 0.5, meanStay: 1_800),
    ]

    func visits(_ random: inout SeededRandom) -> [Visit] {
        guard let arrivalInterval else { return flashCrowd(&random) }
        var visits: [Visit] = []
        var time = 0.0
        while time < Self.end {
            visits.append(visit(time, &random))
            time += random.exponential(mean: arrivalInterval)
        }
        return visits
    }

    private func flashCrowd(_ random: inout SeededRandom) -> [Visit] {
        var visits: [Visit] = []
        for _ in 0..<crowd { visits.append(visit(random.fraction() * 30, &random)) }
        return visits
    }

    private func visit(_ arrival: Double, _ random: inout SeededRandom) -> Visit {
        let line = Capacity.draw(&random)
        let isReachable = random.fraction() < 0.7
        let isTaker = random.fraction() < takers
        let stay = random.exponential(mean: meanStay)
        return Visit(
            arrival: arrival, capacity: isTaker ? line.withoutUpload : line, isReachable: isReachable,
            stay: isTaker ? 0 : stay, isMeasured: measured.contains(arrival))
    }
}

/// Counts as JSON has them. It is the same for everyone, so what an outside tracker complained about is not in it.
struct SwarmReport: Encodable, Sendable, Equatable {
    private enum Member: String, CodingKey {
        case slug, seeders, leechers, completed, source, age, trackers
        case partialSeeds = "partial_seeds"
        case serverSeeding = "server_seeding"
    }

    /// What everyone is told of a tracker that failed.
    static let notReached = "not reached"

    /// The counts and who counted.
    let reading: SwarmReading
    /// Which video it is about; only in streams for several.
    let slug: String?

    /// The report of a reading.
    init(_ reading: SwarmReading, slug: String? = nil) {
        self.reading = reading
        self.slug = slug
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Member.self)
        try json.encodeIfPresent(slug, forKey: .slug)
        try json.encode(reading.counts.seeders, forKey: .seeders)
        try json.encode(reading.counts.leechers, forKey: .leechers)
        try json.encode(reading.counts.completed, forKey: .completed)
        try json.encode(reading.counts.partialSeeds, forKey: .partialSeeds)
        try json.encode(reading.counts.serverSeeding, forKey: .serverSeeding)
        try json.encode(reading.source, forKey: .source)
        if reading.source == .outside { try json.encode(reading.age, forKey: .age) }
        if !reading.trackers.isEmpty { try json.encode(reading.trackers.map(TrackerJSON.init), forKey: .trackers) }
    }

    private struct TrackerJSON: Encodable {
        enum Member: String, CodingKey { case url, seeders, leechers, completed, age, problem }

        let report: TrackerReport

        func encode(to encoder: any Encoder) throws {
            var json = encoder.container(keyedBy: Member.self)
            try json.encode(report.url, forKey: .url)
            try json.encode(report.seeders, forKey: .seeders)
            try json.encode(report.leechers, forKey: .leechers)
            try json.encode(report.completed, forKey: .completed)
            try json.encode(report.age, forKey: .age)
            try json.encode(report.problem.map { _ in SwarmReport.notReached }, forKey: .problem)
        }
    }
}

/// A swarm as the pages' templates have it.
struct SwarmWords {
    let reading: SwarmReading

    /// The counts alone, as lists show them.
    var counts: [String: TemplateValue] {
        [
            "seeders": number(reading.counts.seeders), "leechers": number(reading.counts.leechers),
            "completed": number(reading.counts.completed),
        ]
    }

    /// Counts, who counted, and whether we seed, as the page of a film shows them.
    func all(forManagers: Bool) -> TemplateValue {
        var values = counts
        let seeds = reading.counts.serverSeeding
        values["on"] = .text(seeds ? "true" : "false")
        values["sentence"] = seeds ? "This server is seeding this film." : "This server is not seeding this film now."
        values["partial_seeds"] = .number(reading.counts.partialSeeds)
        values["has_partial_seeds"] = .flag(reading.counts.partialSeeds > 0)
        values["is_outside"] = .flag(reading.source == .outside && reading.isKnown)
        values["is_unknown"] = .flag(!reading.isKnown)
        values["age"] = .optional(reading.age.map(String.init))
        values["age_words"] = .text(reading.age.map { AgeWords.ago($0) } ?? "")
        values["uses_own"] = .flag(reading.usesOwn)
        values["counted_by"] = .list(reading.trackers.map { Self.tracker($0, forManagers) })
        return .object(values)
    }

    /// Nobody's count is no zero.
    private func number(_ count: Int) -> TemplateValue { reading.isKnown ? .number(count) : "–" }

    private static func tracker(_ report: TrackerReport, _ forManagers: Bool) -> TemplateValue {
        let words = TrackerReportWords(report: report)
        return [
            "url": .text(report.url), "name": .text(TrackerReportWords.name(report.url)), "counts": .text(words.counts),
            "age": .text(report.age.map { String(max($0, 0)) } ?? ""),
            "age_words": .text(report.age.map { AgeWords.ago($0) } ?? ""),
            "problem": .text(words.problem(forManagers: forManagers)),
        ]
    }
}

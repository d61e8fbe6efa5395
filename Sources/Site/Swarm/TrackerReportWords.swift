/// What pages say of one outside tracker.
struct TrackerReportWords {
    let report: TrackerReport

    /// The tracker by its host, port and protocol: `tracker.example:6969 (UDP)`. The path is left out, which may be long
    /// or hold a key.
    static func name(_ url: String) -> String {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let host = parts[1].split(separator: "/", maxSplits: 1).first else { return url }
        let authority = host.split(separator: "@").last ?? host
        return "\(authority.prefix { $0 != "?" && $0 != "#" }) (\(parts[0].uppercased()))"
    }

    /// What it said last: `40 seeding, 3 fetching`; empty where it could never be asked.
    var counts: String {
        guard report.age != nil else { return report.problem == nil ? "not asked yet" : "" }
        return "\(max(report.seeders ?? 0, 0)) seeding, \(max(report.leechers ?? 0, 0)) fetching"
    }

    /// Why it could not be asked: its own words for those who look after the film, two words for everybody else; empty
    /// when nothing is wrong.
    func problem(forManagers: Bool) -> String {
        guard let problem = report.problem else { return "" }
        guard forManagers, let words = TrackerWords.shown(problem) else { return SwarmReport.notReached }
        let next = report.nextAttempt.map { "; asked again \(AgeWords.ahead($0))" } ?? ""
        return "\(SwarmReport.notReached): \(words.last == "." ? String(words.dropLast()) : words)\(next)"
    }
}

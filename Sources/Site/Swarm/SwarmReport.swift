/// Counts as JSON has them.
struct SwarmReport: Encodable, Sendable, Equatable {
    private enum CodingKeys: String, CodingKey {
        case slug, seeders, leechers, completed, source
        case partialSeeds = "partial_seeds"
        case serverSeeding = "server_seeding"
    }

    /// Which video it is about; only in streams for several.
    let slug: String?
    let seeders: Int
    let leechers: Int
    let completed: Int
    let partialSeeds: Int
    let serverSeeding: Bool
    /// Who counted: our own tracker.
    let source = "embedded"

    /// The report of some counts.
    init(_ counts: SwarmCounts, slug: String? = nil) {
        self.slug = slug
        seeders = counts.seeders
        leechers = counts.leechers
        completed = counts.completed
        partialSeeds = counts.partialSeeds
        serverSeeding = counts.serverSeeding
    }
}

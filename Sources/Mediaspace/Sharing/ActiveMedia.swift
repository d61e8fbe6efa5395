/// A film or folder that takes part in the swarm, with the wishes of all processes that hold it.
struct ActiveMedia {
    /// The processes, by number, and what each wants.
    var holds: [SpaceOwner.Session: Hold] = [:]
    /// Follows the engine; ends with the activity.
    var task: Task<Void, Never>?
    /// Tells apart what is still under way from an earlier attempt.
    var attempt = 0
    /// Whether what is on the disk has been looked at and the wanted bytes have been named to the engine.
    var isReady = false
    /// Why it cannot go on; a sentence.
    var failure: String?

    /// Whether it is seeded when everything wanted is here.
    var shares: Bool { holds.values.contains(where: \.shares) }
    /// Whether missing content is a failure.
    var onlySeeds: Bool { !holds.isEmpty && holds.values.allSatisfy(\.onlySeeds) }
    /// The narrowest of what was said of the disk's content.
    var check: Hold.Check {
        let checks = holds.values.map(\.check)
        if checks.contains(.full) { return .full }
        return !checks.isEmpty && checks.allSatisfy { $0 == .trusted } ? .trusted : .asSaved
    }
    /// The limits that were said last, where any were.
    var limits: RateLimit {
        holds.values.reduce(into: RateLimit()) { sum, hold in
            sum.down = hold.limits.down ?? sum.down
            sum.up = hold.limits.up ?? sum.up
        }
    }

    /// What all processes want together. Files are known by their numbers only with the metadata.
    func part(of files: [MediaPart]?) -> MediaPart {
        var parts: [MediaPart] = []
        for hold in holds.values {
            guard let numbers = hold.files, let files else {
                parts.append(hold.part)
                continue
            }
            let chosen = numbers.filter(files.indices.contains).map { files[$0] }
            parts.append(chosen.reduce(.nothing) { $0.union($1) })
        }
        var part = parts.reduce(MediaPart.nothing) { $0.union($1) }
        part.urgent = ByteSpan.joined(holds.values.flatMap(\.clips))
        part.isGrowing = holds.values.contains(where: \.isGrowing)
        return part
    }
}

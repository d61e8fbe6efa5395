/// What came into a folder and what left it, look by look. A value without clock and disk.
///
/// A file counts as come when it rests: its size and times were the same for one whole interval, seen by two looks or
/// told by the times themselves. So a film that is still being copied is left alone.
struct FolderChanges: Sendable {
    /// What one look found.
    struct Found: Sendable, Equatable {
        /// Files that have come, or changed and rest again.
        var new: [String] = []
        /// Files that were known and are no longer there, or have begun to change.
        var gone: [String] = []
    }

    /// How long a file has to rest.
    let interval: Duration
    private var known: [String: FileFacts] = [:]
    private var restless: [String: (facts: FileFacts, since: ContinuousClock.Instant)] = [:]

    init(interval: Duration) { self.interval = interval }

    /// Whether files are still waited for.
    var isWaiting: Bool { !restless.isEmpty }

    /// Takes one look.
    ///
    /// - Parameters:
    ///   - files: all that is there now.
    ///   - now: the moment of the look.
    ///   - wallClock: the same moment in nanoseconds since 1970, as file times are given.
    mutating func look(at files: [String: FileFacts], now: ContinuousClock.Instant, wallClock: Int64) -> Found {
        var found = Found()
        for (path, facts) in known where files[path] != facts {
            known[path] = nil
            found.gone.append(path)
        }
        restless = restless.filter { files[$0.key] == $0.value.facts }
        for (path, facts) in files where known[path] == nil {
            guard rests(path, facts, now: now, wallClock: wallClock) else { continue }
            restless[path] = nil
            known[path] = facts
            found.new.append(path)
        }
        found.new.sort()
        found.gone.sort()
        return found
    }

    /// Lets a file come again at a later look, although it has not changed.
    mutating func forget(_ path: String) { known[path] = nil }

    private mutating func rests(
        _ path: String, _ facts: FileFacts, now: ContinuousClock.Instant, wallClock: Int64
    ) -> Bool {
        let age = wallClock.subtractingReportingOverflow(facts.changed)
        if !age.overflow, age.partialValue >= 0, Duration.nanoseconds(age.partialValue) >= interval { return true }
        guard let first = restless[path] else {
            restless[path] = (facts, now)
            return interval <= .zero
        }
        return now - first.since >= interval
    }
}

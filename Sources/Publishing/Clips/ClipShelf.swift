import Catalog

/// Finished clips that may be asked for again: bounded by bytes and by age, as a value.
struct ClipShelf: Sendable {
    private struct Entry: Sendable {
        let file: CutFile
        var lastUse: ContinuousClock.Instant
    }

    private var entries: [CutKey: Entry] = [:]
    private let byteLimit: Int64
    private let age: Duration
    /// Bytes of all clips.
    private(set) var bytes: Int64 = 0

    init(byteLimit: Int64, age: Duration) {
        self.byteLimit = byteLimit
        self.age = age
    }

    /// Whether there is nothing.
    var isEmpty: Bool { entries.isEmpty }

    /// A clip, which is thereby used.
    mutating func file(_ key: CutKey, at now: ContinuousClock.Instant = .now) -> CutFile? {
        purge(at: now)
        entries[key]?.lastUse = now
        return entries[key]?.file
    }

    /// Keeps a clip, which may push out others; one larger than the bound is not kept.
    mutating func keep(_ file: CutFile, of key: CutKey, at now: ContinuousClock.Instant = .now) {
        drop(key)
        guard file.size <= byteLimit else { return }
        while bytes > byteLimit - file.size, dropOldest() {}
        entries[key] = Entry(file: file, lastUse: now)
        bytes += file.size
    }

    /// Drops what was not used for long.
    mutating func purge(at now: ContinuousClock.Instant = .now) {
        for (key, entry) in entries where entry.lastUse + age <= now { drop(key) }
    }

    /// Drops the clip that was not used for longest; false where there is none.
    mutating func dropOldest() -> Bool {
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key else { return false }
        drop(oldest)
        return true
    }

    /// Drops the clips of a content.
    mutating func forget(_ media: MediaID) {
        for key in entries.keys where key.media == media { drop(key) }
    }

    /// Drops everything.
    mutating func removeAll() {
        entries = [:]
        bytes = 0
    }

    private mutating func drop(_ key: CutKey) {
        if let entry = entries.removeValue(forKey: key) { bytes -= entry.file.size }
    }
}

/// Which cache files there are, how large they are and which was used last: the rule of what goes first, as a value.
struct CacheRecency: Sendable {
    /// A file as the folder lists it.
    struct Listed: Sendable {
        let etag: String
        let size: Int64
        /// Seconds since 1970 of the last change; orders the files found at boot.
        let modified: Int64
    }

    private struct Entry {
        var size: Int64
        var lastUse: UInt64
    }

    private var entries: [String: Entry] = [:]
    private var clock: UInt64 = 0
    /// The sum of all sizes.
    private(set) var totalBytes: Int64 = 0

    init(files: [Listed] = []) {
        for file in files.sorted(by: { $0.modified < $1.modified }) { used(file.etag, size: file.size) }
    }

    /// Files known.
    var count: Int { entries.count }

    /// Notes that a file is there and was used now.
    mutating func used(_ etag: String, size: Int64) {
        clock += 1
        totalBytes += size - (entries[etag]?.size ?? 0)
        entries[etag] = Entry(size: size, lastUse: clock)
    }

    /// Notes that a file is gone.
    mutating func forget(_ etag: String) {
        if let entry = entries.removeValue(forKey: etag) { totalBytes -= entry.size }
    }

    /// Takes what the folder lists as the truth; files known already keep their place in the order.
    mutating func replace(with files: [Listed]) {
        let present = Set(files.map(\.etag))
        for etag in entries.keys.filter({ !present.contains($0) }) { forget(etag) }
        for file in files {
            if let entry = entries[file.etag] {
                totalBytes += file.size - entry.size
                entries[file.etag]?.size = file.size
            } else {
                used(file.etag, size: file.size)
            }
        }
    }

    /// The file that was not used for longest; nil when only `except` is left.
    func leastRecent(except kept: String? = nil) -> (etag: String, size: Int64)? {
        entries.filter { $0.key != kept }.min { $0.value.lastUse < $1.value.lastUse }
            .map { ($0.key, $0.value.size) }
    }
}

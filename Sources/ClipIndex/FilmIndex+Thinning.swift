extension FilmIndex {
    /// The same index with so few buckets that it fits into `byteLimit` encoded bytes (256 KiB in a .torrent).
    ///
    /// A thinned index is never wrong, only coarser: clips start at an earlier key frame or end at a later bucket
    /// than they could. Unchanged when it fits already; not smaller than its header and a few buckets a stream.
    public func thinned(toBytes byteLimit: Int) -> FilmIndex {
        let size = encodedSize
        guard size > byteLimit else { return self }
        // Where buckets lie evenly, this is nearly the span it takes.
        let share = Double(size) / Double(max(1, byteLimit))
        let count = streams.map(\.buckets.count).max() ?? 1
        let longest = streams.compactMap(\.length).max() ?? 0
        var span = Int64(min(max(1000, Double(longest) / Double(max(1, count)) * share), 1e15))
        while true {
            var thinned = self
            thinned.streams = streams.map { $0.thinned(toSpan: span) }
            if thinned.encodedSize <= byteLimit || span > longest { return thinned }
            span += span / 5
        }
    }

    /// The films of one torrent, encoded, with `byteLimit` bytes shared among them: small ones whole, of the others
    /// each the same. One that does not fit even when thinned is left out.
    public static func encodedIndexes(_ films: [Int: FilmIndex], sharing byteLimit: Int = 262_144) -> [Int: [UInt8]] {
        var encoded: [Int: [UInt8]] = [:]
        var left = byteLimit
        let sized = films.map { (number: $0.key, film: $0.value, size: $0.value.encodedSize) }
            .sorted { ($0.size, $0.number) < ($1.size, $1.number) }
        for (position, entry) in sized.enumerated() {
            let share = left / (sized.count - position)
            let bytes = (entry.size <= share ? entry.film : entry.film.thinned(toBytes: share)).encoded()
            guard bytes.count <= share else { continue }
            encoded[entry.number] = bytes
            left -= bytes.count
        }
        return encoded
    }
}

extension StreamIndex {
    /// Microseconds from the first bucket to the last.
    fileprivate var length: Int64? {
        guard let first = buckets.first, let last = buckets.last else { return nil }
        return last.time - first.time
    }

    /// Keeps the first and the last bucket, the first key bucket and one in each span of `span` microseconds, a key
    /// bucket where there is one.
    func thinned(toSpan span: Int64) -> StreamIndex {
        guard let first = buckets.first, let last = buckets.last, buckets.count > 2 else { return self }
        var kept: [Bucket] = [first]
        var hasKey = first.isKey
        var candidate: Bucket?
        // The end of the span that the candidate lies in; buckets of the first bucket's own span are dropped.
        var spanEnd = first.time + span
        for bucket in buckets.dropFirst().dropLast() {
            if bucket.time >= spanEnd {
                if let candidate { kept.append(candidate) }
                candidate = bucket
                spanEnd += (bucket.time - spanEnd) / span * span + span
            } else if let waiting = candidate, bucket.isKey && !waiting.isKey {
                candidate = bucket
            } else if bucket.isKey && !hasKey && candidate == nil {
                candidate = bucket
            }
            if bucket.isKey { hasKey = true }
        }
        if let candidate { kept.append(candidate) }
        return StreamIndex(kind: kind, buckets: kept + [last])
    }
}

extension FilmIndex {
    /// The same index with so few buckets that it fits into `byteLimit` encoded bytes (256 KiB in a .torrent).
    ///
    /// A thinned index is never wrong, only coarser: clips start at an earlier key frame or end at a later bucket
    /// than they could. Unchanged when it fits already; not smaller than its header and two buckets a stream.
    public func thinned(toBytes byteLimit: Int) -> FilmIndex {
        var thinned = self
        var span: Int64 = 2_000_000
        while thinned.encoded().count > byteLimit, span < 1 << 53 {
            thinned.streams = streams.map { $0.thinned(toSpan: span) }
            span *= 2
        }
        return thinned
    }
}

extension StreamIndex {
    /// Keeps the first and the last bucket and one in each span of `span` microseconds, a key bucket where there is one.
    fileprivate func thinned(toSpan span: Int64) -> StreamIndex {
        guard let first = buckets.first, let last = buckets.last, buckets.count > 2 else { return self }
        var kept: [Bucket] = [first]
        var candidate: Bucket?
        for bucket in buckets.dropFirst().dropLast() {
            if let waiting = candidate, bucket.time - first.time >= (waiting.time - first.time) / span * span + span {
                kept.append(waiting)
                candidate = nil
            }
            if let waiting = candidate {
                if bucket.isKey && !waiting.isKey { candidate = bucket }
            } else if bucket.time - first.time >= span {
                candidate = bucket
            }
        }
        if let waiting = candidate { kept.append(waiting) }
        return StreamIndex(kind: kind, buckets: kept + [last])
    }
}

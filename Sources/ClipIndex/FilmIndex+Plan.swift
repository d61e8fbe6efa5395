extension FilmIndex {
    /// The bytes that hold a clip: exact to the bucket, and never too few.
    ///
    /// - Parameters:
    ///   - interval: an end after the film's is taken for the film's.
    ///   - gap: media ranges with fewer bytes than this between them become one.
    /// - Throws: when the film is over before the interval begins, or has no packets there.
    public func plan(
        _ interval: ClipInterval, mergingGapsUnder gap: UInt64 = 0
    ) throws(ClipPlanError) -> ClipPlan {
        guard streams.contains(where: { !$0.buckets.isEmpty }) else { throw .empty }
        guard interval.start < duration else { throw .beyondEnd(duration: max(0, duration)) }
        let interval = ClipInterval(interval, until: duration)
        let begin = beginning(of: interval)
        let parts = streams.compactMap { stream in
            stream.part(from: min(begin.pictures, interval.start), until: interval.end, begin)
        }
        guard let first = parts.min(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) else { throw .empty }
        let whole = parts.filter { access != .tables || !$0.stream.isSparse }.map(\.bytes)
        var media = Self.joined(access == .tables ? whole : [Self.hull(whole)])
        for part in parts where access == .tables && part.stream.isSparse {
            media = Self.joined(media + part.stream.ranges(of: part.buckets, outside: media))
        }
        guard !media.isEmpty else { throw .empty }
        return ClipPlan(
            interval: interval, actualStart: begin.media, headerRanges: headerRanges,
            mediaRanges: Self.joined(media, gapsUnder: gap), mediaStart: first.time)
    }

    /// Where a clip begins.
    struct Beginning {
        /// The moment at which decoding begins.
        let media: Int64
        /// The moment from which pictures are read; the interval's start in a film without any.
        let pictures: Int64
    }

    /// The first video stream that has a picture to begin with says where all streams begin; in a film without one it
    /// is the sound's last bucket.
    private func beginning(of interval: ClipInterval) -> Beginning {
        for stream in streams where stream.kind == .video {
            guard let key = stream.key(at: interval.start), stream.buckets[key].time < interval.end else { continue }
            return Beginning(media: stream.buckets[key].time, pictures: stream.buckets[key].time)
        }
        let sound = streams.first { $0.kind == .audio && !$0.buckets.isEmpty } ?? streams.first { !$0.buckets.isEmpty }
        let time = sound.flatMap { $0.buckets[$0.bucket(at: interval.start)].time } ?? interval.start
        return Beginning(media: time, pictures: interval.start)
    }

    private static func hull(_ ranges: [Range<UInt64>]) -> Range<UInt64> {
        let low = ranges.map(\.lowerBound).min() ?? 0
        return low..<max(low, ranges.map(\.upperBound).max() ?? 0)
    }
}

/// What a clip needs of one stream.
struct StreamPart {
    let stream: StreamIndex
    /// From the bucket at which it begins to the one before which it ends.
    let buckets: Range<Int>
    /// All bytes between those two; not empty.
    let bytes: Range<UInt64>
    /// Microseconds of the first bucket.
    let time: Int64
}

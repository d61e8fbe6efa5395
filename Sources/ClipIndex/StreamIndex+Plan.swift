extension StreamIndex {
    /// Whether packets are so far apart that what lies between them in the file is not worth reading.
    var isSparse: Bool { kind == .subtitle || kind == .other }

    /// What a clip needs of this stream; nil when that is nothing. Data streams are no part of clips.
    func part(from start: Int64, until end: Int64, _ begin: FilmIndex.Beginning) -> StreamPart? {
        guard kind != .other, !buckets.isEmpty else { return nil }
        var first = bucket(at: start)
        if kind == .video, let key = key(at: begin.media), buckets[key].time < end { first = key }
        let last = max(first, min(count(before: end), buckets.count - 1))
        let bytes = buckets[first].low..<max(buckets[first].low, buckets[last].high)
        guard !bytes.isEmpty else { return nil }
        return StreamPart(stream: self, buckets: first..<last, bytes: bytes, time: buckets[first].time)
    }

    /// The position of the last bucket at or before `time`; of the first one, where none is. There must be buckets.
    func bucket(at time: Int64) -> Int { max(0, count(before: time &+ 1) - 1) }

    /// The position of the last key bucket at or before `time`; of the first one, where none is; nil without any.
    func key(at time: Int64) -> Int? {
        let known = count(before: time &+ 1)
        return buckets[..<known].lastIndex(where: \.isKey) ?? buckets[known...].firstIndex(where: \.isKey)
    }

    /// How many buckets lie before `time`.
    private func count(before time: Int64) -> Int {
        buckets.indices.firstAfter { buckets[$0].time < time }
    }

    /// The bytes of each of some buckets on their own, touching ones joined, without those that lie in `covered`
    /// (rising, apart) whole.
    func ranges(of positions: Range<Int>, outside covered: [Range<UInt64>]) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        var position = positions.lowerBound
        while position < positions.upperBound {
            let low = buckets[position].low
            let high = buckets[position + 1].high
            let cover = (0..<covered.count).firstAfter { covered[$0].upperBound < high }
            if cover < covered.count, covered[cover].lowerBound <= low, high > low {
                // Ends never fall: all buckets that end in here are done at once, since they begin here too.
                let limit = covered[cover].upperBound
                position = (position..<positions.upperBound).firstAfter { buckets[$0 + 1].high <= limit }
                continue
            }
            position += 1
            guard low < high else { continue }
            if let last = ranges.last, low <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, high)
            } else {
                ranges.append(low..<high)
            }
        }
        return ranges
    }
}

extension Range<Int> {
    /// The first position for which `isBefore` is false, where it is true for all earlier ones and false for all later.
    func firstAfter(_ isBefore: (Int) -> Bool) -> Int {
        var low = lowerBound
        var high = upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

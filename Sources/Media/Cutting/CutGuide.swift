public import ClipIndex

/// What an index knows of a film, so that the worker need not look for it in the film.
public struct CutGuide: Sendable, Hashable {
    /// Where the media lies in a short film of headers and media (`SplicedSource`), which is read in one go.
    public struct Splice: Sendable, Hashable {
        /// How many bytes of headers come before the media.
        public let offset: UInt64
        /// Where the media lies in the film itself; at least `offset`.
        public let place: UInt64
        /// Microseconds from the film's beginning of the first packet, where packets carry no times.
        public let time: Int64?

        /// A place by its parts; nil when the headers are longer than what comes before the media in the film.
        public init?(offset: UInt64, place: UInt64, time: Int64?) {
            guard offset <= place, place <= UInt64(Int64.max) else { return nil }
            (self.offset, self.place, self.time) = (offset, place, time)
        }
    }

    /// Microseconds on the film's own timeline at which its time zero lies.
    public let origin: Int64
    /// Set when the source is a `SplicedSource` of a film that is read in one go.
    public let splice: Splice?
    /// Microseconds from the film's beginning at which the media begins, where there is no splice.
    public let begin: Int64
    /// All that may be read of a film whose tables say where packets lie: rising, apart. What begins elsewhere is
    /// passed over. Empty for all of the film.
    public let ranges: [Range<UInt64>]

    /// Times further from zero are no film's.
    static let timeLimit: UInt64 = 1 << 53
    static let rangeLimit = 1024

    /// A guide by its parts. Of more than 1,024 ranges the nearest ones become one.
    public init(origin: Int64, splice: Splice? = nil, begin: Int64 = 0, ranges: [Range<UInt64>] = []) {
        self.origin = origin.magnitude <= Self.timeLimit ? origin : 0
        self.splice = splice
        self.begin = begin.magnitude <= Self.timeLimit ? begin : 0
        self.ranges = Self.joined(ranges)
    }

    private static func joined(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
        let rising = ranges.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        let gaps = zip(rising, rising.dropFirst()).map { $1.lowerBound - min($1.lowerBound, $0.upperBound) }.sorted()
        let bridged = rising.count > rangeLimit ? gaps[rising.count - rangeLimit] : 0
        var joined: [Range<UInt64>] = []
        for range in rising {
            if let last = joined.last,
                range.lowerBound <= last.upperBound || range.lowerBound - last.upperBound <= bridged
            {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    /// What `index` knows for the clip of `plan`, which must be that index's. The source is then
    /// `SplicedSource(plan, index.access, over: film)`, or a file that holds the plan's ranges.
    public init(_ index: FilmIndex, _ plan: ClipPlan) {
        guard index.access != .tables, let place = plan.mediaRanges.first?.lowerBound else {
            self.init(origin: index.origin, begin: plan.actualStart, ranges: plan.ranges)
            return
        }
        let offset = plan.headersOfSplice.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
        let time = index.access == .counted ? plan.mediaStart : nil
        self.init(origin: index.origin, splice: Splice(offset: offset, place: place, time: time))
    }
}

extension CutGuide {
    /// The guide as text: origin, splice, begin, ranges, apart by colons.
    var argument: String {
        let place = splice.map { "\($0.offset)+\($0.place)+\($0.time.map(String.init) ?? "")" } ?? ""
        return "\(origin):\(place):\(begin):"
            + ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: "+")
    }

    /// The guide that `argument` names; nil when it names none.
    init?(argument: Substring) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, let origin = Int64(parts[0]), origin.magnitude <= Self.timeLimit,
            let begin = Int64(parts[2]), begin.magnitude <= Self.timeLimit, let ranges = Self.ranges(parts[3])
        else { return nil }
        var splice: Splice?
        if !parts[1].isEmpty {
            let numbers = parts[1].split(separator: "+", omittingEmptySubsequences: false)
            guard numbers.count == 3, let offset = UInt64(numbers[0]), let place = UInt64(numbers[1]) else {
                return nil
            }
            let time = Int64(numbers[2])
            guard numbers[2].isEmpty || (time.map { $0.magnitude <= Self.timeLimit } ?? false),
                let found = Splice(offset: offset, place: place, time: time)
            else { return nil }
            splice = found
        }
        self.init(origin: origin, splice: splice, begin: begin, ranges: ranges)
    }

    private static func ranges(_ text: Substring) -> [Range<UInt64>]? {
        var ranges: [Range<UInt64>] = []
        for part in text.split(separator: "+") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let low = UInt64(ends[0]), let high = UInt64(ends[1]), low < high,
                ranges.last.map({ $0.upperBound < low }) ?? true, ranges.count < rangeLimit
            else { return nil }
            ranges.append(low..<high)
        }
        return ranges
    }
}

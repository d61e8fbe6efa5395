public import Metainfo

/// Which bytes of a torrent are wanted, and how urgently. Pieces are fetched whole, so what is wanted is every piece
/// that holds one of these bytes.
public struct WantedBytes: Sendable, Hashable {
    /// In which order the wanted pieces are fetched.
    public enum Order: Sendable, Hashable {
        /// Those the fewest peers have first: best for the swarm.
        case rarestFirst
        /// One after the other: for a player that reads along. Later ranges come after earlier ones.
        case inOrder
    }

    /// The wanted bytes; nil for all. What lies outside the torrent is ignored.
    public var ranges: [Range<Int64>]?
    /// The order within `ranges`.
    public var order: Order
    /// Bytes to be fetched before all others, one after the other; wanted even when `ranges` lacks them.
    public var urgent: [Range<Int64>] = []
    /// How soon what is fetched in order is needed, counted from when it was wanted: what is late is asked of two
    /// peers. Nil: as it comes.
    public var deadline: Duration?
    /// Whether more will be wanted soon, by somebody who reads along: until then seeds are kept, and nobody is told that
    /// everything is there.
    public var isGrowing = false

    /// Bytes by their places in the torrent.
    public init(ranges: [Range<Int64>]?, order: Order = .rarestFirst, deadline: Duration? = nil) {
        self.ranges = ranges
        self.order = order
        self.deadline = deadline
    }

    /// All bytes, the rarest first.
    public static let everything = WantedBytes(ranges: nil)
    /// No bytes.
    public static let nothing = WantedBytes(ranges: [])

    /// The same bytes, and these before all others.
    public func first(_ range: Range<Int64>, deadline: Duration? = nil) -> WantedBytes {
        var wanted = self
        wanted.urgent.insert(range, at: 0)
        wanted.deadline = deadline ?? self.deadline
        return wanted
    }

    /// What either wants; the order and the deadline are the other's when it has urgent bytes or is in order.
    public func merging(_ other: WantedBytes) -> WantedBytes {
        var merged = self
        if let mine = ranges, let theirs = other.ranges {
            merged.ranges = mine + theirs.filter { !mine.contains($0) }
        } else {
            merged.ranges = nil
        }
        merged.urgent += other.urgent.filter { !urgent.contains($0) }
        if other.order == .inOrder { merged.order = .inOrder }
        merged.deadline = other.deadline ?? deadline
        merged.isGrowing = isGrowing || other.isGrowing
        return merged
    }

    /// The wanted pieces as runs: the urgent ones first, then the others, each as far as the torrent has them.
    /// Runs may overlap.
    public func pieces(in layout: PieceLayout) -> [ClosedRange<PieceIndex>] {
        let whole = 0..<layout.totalLength
        return (urgent + (ranges ?? [whole])).compactMap { layout.pieces(covering: $0.clamped(to: whole)) }
    }

    /// Whether any wanted piece exists.
    public func isEmpty(in layout: PieceLayout) -> Bool { pieces(in: layout).isEmpty }
}

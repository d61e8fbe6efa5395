import Metainfo

/// The runs of pieces that are fetched one after the other, the urgent ones first.
struct PieceLanes: Sendable {
    /// One run.
    struct Lane: Sendable, Hashable {
        /// Everything before this piece is verified.
        var start: Int
        let end: Int
        /// No piece before this one is unbegun.
        var cursor: Int

        func contains(_ piece: Int) -> Bool { piece >= start && piece < end }
    }

    private(set) var lanes: [Lane] = []

    init() {}

    init(_ wanted: WantedBytes, in layout: PieceLayout) {
        var sequence = WantedBytes(ranges: wanted.order == .inOrder ? wanted.ranges : [])
        sequence.urgent = wanted.urgent
        lanes = sequence.pieces(in: layout).map {
            let first = Int($0.lowerBound.rawValue)
            return Lane(start: first, end: Int($0.upperBound.rawValue) + 1, cursor: first)
        }
    }

    var isEmpty: Bool { lanes.isEmpty }

    func contains(_ piece: Int) -> Bool { lanes.contains { $0.contains(piece) } }

    /// Drops what is done.
    mutating func advance(missing: PieceSet) {
        for index in lanes.indices {
            lanes[index].start = missing.first(from: lanes[index].start, to: lanes[index].end) ?? lanes[index].end
        }
        lanes.removeAll { $0.start >= $0.end }
    }

    /// A piece is unbegun again.
    mutating func reopen(_ piece: Int) {
        for index in lanes.indices where piece < lanes[index].cursor && piece >= lanes[index].start {
            lanes[index].cursor = piece
        }
    }

    /// The first unbegun piece of a lane that `pieces` has too; nil for `pieces` means all.
    mutating func firstUnbegun(_ index: Int, unbegun: PieceSet, pieces: PieceSet?) -> Int? {
        let lane = lanes[index]
        guard let first = unbegun.first(from: max(lane.start, lane.cursor), to: lane.end) else {
            lanes[index].cursor = lane.end
            return nil
        }
        lanes[index].cursor = first
        guard let pieces else { return first }
        return unbegun.firstCommon(with: pieces, from: first, to: lane.end)
    }
}

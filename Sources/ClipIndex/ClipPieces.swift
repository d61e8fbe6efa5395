/// The pieces of a torrent that hold a clip.
public struct ClipPieces: Sendable, Equatable {
    /// Numbers of pieces, from first to last: rising, apart.
    public let runs: [ClosedRange<Int>]
    /// How many pieces there are.
    public let count: Int
    /// How many bytes the pieces have.
    public let byteCount: UInt64
    /// Bytes of the pieces for each byte that is needed; 1 where nothing is.
    public let waste: Double

    /// The pieces in which `ranges` of a file lie, which are rising and apart.
    init(_ ranges: [Range<UInt64>], on grid: PieceGrid) {
        var runs: [ClosedRange<Int>] = []
        var needed: UInt64 = 0
        for range in ranges {
            guard let run = grid.pieces(of: range) else { continue }
            let inside = range.clamped(to: 0..<grid.fileLength)
            needed += inside.upperBound - inside.lowerBound
            if let last = runs.last, run.lowerBound <= last.upperBound + 1 {
                runs[runs.count - 1] = last.lowerBound...max(last.upperBound, run.upperBound)
            } else {
                runs.append(run)
            }
        }
        self.runs = runs
        count = runs.reduce(0) { $0 + $1.count }
        byteCount = runs.reduce(0) { $0 + grid.byteCount(of: $1) }
        waste = needed == 0 ? 1 : Double(byteCount) / Double(needed)
    }
}

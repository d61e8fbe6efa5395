/// Which pieces are wanted next by a reader that reads forward here and there in a film.
///
/// The further it has read in one go, the more is fetched ahead, so that little is fetched for nothing behind a place
/// at which only a few bytes are looked at.
struct ReadAhead {
    /// Pieces [start, end) that were read one after the other.
    private struct Run {
        var start: Int
        var end: Int
    }

    /// The most bytes fetched ahead, where a piece does not have more.
    private static let limit = 8 << 20
    private static let mostRuns = 4

    private let pieceLength: Int
    private let pieces: Range<Int>
    /// The newest last.
    private var runs: [Run] = []

    /// - Parameter pieces: those of the film.
    init(pieces: Range<Int>, pieceLength: Int) {
        self.pieces = pieces
        self.pieceLength = max(1, pieceLength)
    }

    /// The pieces to have next, now that one is read.
    mutating func next(after piece: Int) -> Range<Int> {
        var run = Run(start: piece, end: piece + 1)
        if let index = runs.lastIndex(where: { piece >= $0.start && piece <= $0.end }) {
            run = runs.remove(at: index)
            run.end = max(run.end, piece + 1)
        }
        runs.append(run)
        if runs.count > Self.mostRuns { runs.removeFirst() }
        // As many as were read one after the other so far, none for the first.
        let most = max(1, Self.limit / pieceLength)
        let count = min(most, run.end - run.start - 1)
        return (piece + 1..<piece + 1 + max(0, count)).clamped(to: pieces)
    }
}

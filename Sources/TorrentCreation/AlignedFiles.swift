/// Which file each piece belongs to when every file begins on a piece (BEP 52).
struct AlignedFiles: Equatable, Sendable {
    /// What a piece holds of its file.
    struct Part: Equatable {
        let length: Int
        let isOnlyPiece: Bool
    }

    private let pieceLength: Int
    private let lengths: [Int64]
    /// The number of each file's first piece.
    private let firstPieces: [Int]

    /// - Parameter lengths: of the files that have bytes, in order.
    init(lengths: [Int64], pieceLength: Int) {
        self.pieceLength = pieceLength
        self.lengths = lengths
        var piece = 0
        firstPieces = lengths.map { length in
            defer { piece += Self.pieceCount(length, pieceLength) }
            return piece
        }
    }

    /// The pieces of one of the files; nil when there is no such file.
    func pieces(of file: Int) -> Range<Int>? {
        guard lengths.indices.contains(file) else { return nil }
        let first = firstPieces[file]
        return first..<first + Self.pieceCount(lengths[file], pieceLength)
    }

    /// What a piece holds; nil when there is no such piece. A binary search.
    func part(of piece: Int) -> Part? {
        var low = 0
        var high = lengths.count
        while low < high {
            let middle = (low + high) / 2
            if firstPieces[middle] <= piece { low = middle + 1 } else { high = middle }
        }
        guard low > 0, let pieces = pieces(of: low - 1), pieces.contains(piece) else { return nil }
        let start = Int64(piece - pieces.lowerBound) * Int64(pieceLength)
        return Part(length: Int(min(Int64(pieceLength), lengths[low - 1] - start)), isOnlyPiece: pieces.count == 1)
    }

    private static func pieceCount(_ length: Int64, _ pieceLength: Int) -> Int {
        Int((length + Int64(pieceLength) - 1) / Int64(pieceLength))
    }
}

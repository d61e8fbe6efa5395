import Metainfo

/// What a peer told to own before the number of pieces was known (a magnet link without its metadata yet). It is kept as
/// it came and checked when the metadata is there.
struct EarlyPieces: Sendable {
    /// Single pieces noted at most; a peer that tells more is taken to lack the rest.
    static let pieceLimit = 16_384

    private enum Whole { case nothing, everything, bits([UInt8]) }

    private var whole = Whole.nothing
    private var pieces: [PieceIndex] = []

    mutating func noteAll() { note(.everything) }
    mutating func noteNone() { note(.nothing) }
    mutating func note(bits: [UInt8]) { note(.bits(bits)) }

    mutating func note(_ piece: PieceIndex) {
        if pieces.count < Self.pieceLimit { pieces.append(piece) }
    }

    /// The peer has lost a piece again. What it told as a whole stays: it refuses the piece when it is asked for it.
    mutating func forget(_ piece: PieceIndex) { pieces.removeAll { $0 == piece } }

    /// The pieces; nil when what the peer told cannot be of this torrent.
    func bitfield(count: Int) -> Bitfield? {
        var bitfield: Bitfield
        switch whole {
        case .nothing: bitfield = Bitfield(count: count)
        case .everything: bitfield = Bitfield(full: count)
        case .bits(let bytes):
            guard let read = Bitfield(bytes: bytes, count: count) else { return nil }
            bitfield = read
        }
        for piece in pieces {
            guard Int(piece.rawValue) < count else { return nil }
            bitfield[piece] = true
        }
        return bitfield
    }

    private mutating func note(_ whole: Whole) {
        self.whole = whole
        pieces.removeAll()
    }
}

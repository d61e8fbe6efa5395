/// The pieces that have been begun and are not verified, with the state of each block. Places of finished pieces are
/// used again: nothing is allocated once it has grown.
struct PartialPieces: Sendable {
    /// Stands for no piece, no peer and no place.
    static let none = -1

    /// One begun piece.
    struct Partial: Sendable {
        /// The piece, or -1 for a free place.
        let piece: Int
        /// How many bytes it has.
        let bytes: Int
        let blockCount: Int
        /// Blocks that are neither there nor asked for.
        var free: Int
        /// Blocks that are there.
        var stored = 0
        /// Of these, blocks of padding, which nobody has to send.
        var padded = 0
        /// No block before this one is free.
        var hint = 0
        /// The peer that fetches it alone, or -1.
        var owner = none
        /// Complete, and being verified.
        var isVerifying = false
        /// It did not match before: one peer alone is to fetch it, so that a liar is known at once.
        var isSuspect = false
        var isWanted = true
        /// Since when it has its owner.
        var ownedSince: Moment?
        fileprivate var listed = none

        /// Blocks that peers are asked for.
        var asked: Int { blockCount - free - stored }
        /// No block was sent or asked for.
        var isUntouched: Bool { free + padded == blockCount }
    }

    /// One block of a begun piece.
    struct Block: Sendable {
        /// Requests for it that are open, at most two.
        var first = OpenRequests.none
        var second = OpenRequests.none
        var isStored = false
        var isPadding = false
        /// Who sent it; before that, a peer whose request for it ran out and whose late answer is still welcome.
        var peer: PeerNumber?

        var isFree: Bool { !isStored && first == OpenRequests.none }
    }

    /// Blocks of a full piece.
    let stride: Int
    private(set) var partials: [Partial] = []
    var blocks: [Block] = []
    /// Places of the pieces that have free blocks and are wanted.
    private(set) var unfilled: [Int] = []
    /// By piece: its place, or -1.
    private var places: [Int32]
    private var vacant: [Int] = []

    init(pieceCount: Int, blocksPerPiece: Int) {
        stride = max(1, blocksPerPiece)
        places = [Int32](repeating: -1, count: pieceCount)
    }

    /// How many pieces are begun.
    var count: Int { partials.count - vacant.count }

    subscript(place: Int) -> Partial {
        get { partials[place] }
        _modify { yield &partials[place] }
    }

    /// Where a begun piece stands; nil when it is not begun.
    func place(of piece: Int) -> Int? {
        guard piece >= 0, piece < places.count, places[piece] >= 0 else { return nil }
        return Int(places[piece])
    }

    /// Begins a piece. Returns its place.
    mutating func begin(_ piece: Int, bytes: Int) -> Int {
        let blockCount = PieceScheduler.blockCount(ofBytes: bytes)
        let partial = Partial(piece: piece, bytes: bytes, blockCount: blockCount, free: blockCount)
        let place: Int
        if let last = vacant.popLast() {
            place = last
            partials[place] = partial
        } else {
            place = partials.count
            partials.append(partial)
            blocks.append(contentsOf: repeatElement(Block(), count: stride))
        }
        places[piece] = Int32(truncatingIfNeeded: place)
        list(place)
        return place
    }

    /// Forgets a piece; its requests must be gone.
    mutating func end(_ place: Int) {
        unlist(place)
        places[partials[place].piece] = -1
        for index in place * stride..<place * stride + partials[place].blockCount { blocks[index] = Block() }
        partials[place] = Partial(piece: Self.none, bytes: 0, blockCount: 0, free: 0)
        vacant.append(place)
    }

    /// The first free block of a piece, as an index into `blocks`.
    mutating func firstFree(_ place: Int) -> Int? {
        guard partials[place].free > 0 else { return nil }
        var index = partials[place].hint
        while index < partials[place].blockCount {
            if blocks[place * stride + index].isFree {
                partials[place].hint = index
                return place * stride + index
            }
            index += 1
        }
        return nil
    }

    /// A free block has been asked for, or has come.
    mutating func take(_ block: Int) {
        let place = block / stride
        partials[place].free -= 1
        if partials[place].free == 0 { unlist(place) }
    }

    /// A free block is padding: it is there without being sent.
    mutating func pad(_ block: Int) {
        take(block)
        blocks[block].isStored = true
        blocks[block].isPadding = true
        partials[block / stride].stored += 1
        partials[block / stride].padded += 1
    }

    /// A block is free again.
    mutating func giveBack(_ block: Int) {
        let place = block / stride
        partials[place].free += 1
        partials[place].hint = min(partials[place].hint, block % stride)
        list(place)
    }

    /// Keeps a piece in `unfilled` while it belongs there.
    mutating func list(_ place: Int) {
        guard partials[place].listed == Self.none, partials[place].free > 0, partials[place].isWanted else { return }
        partials[place].listed = unfilled.count
        unfilled.append(place)
    }

    mutating func unlist(_ place: Int) {
        let listed = partials[place].listed
        guard listed != Self.none, let last = unfilled.popLast() else { return }
        partials[place].listed = Self.none
        guard last != place else { return }
        unfilled[listed] = last
        partials[last].listed = listed
    }
}

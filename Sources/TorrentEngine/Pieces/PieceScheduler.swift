import Metainfo
import PeerWire

/// Who is asked for which block of one torrent: a pure value without sockets, threads or clock.
///
/// Events go in (what peers own, chokes, blocks, verdicts on pieces), and `drain` gives out what is to be done. The
/// first pieces are taken at random, then the rarest first; what is urgent goes before, one after the other. A piece
/// that has been begun is finished first, and a fast peer is left alone with its piece, so that a bad one has a single
/// sender. When nothing is left to begin, fast peers take over from slow ones what these would be last to send.
///
/// Invariants: a block is asked of at most two peers, and of each once. A peer is asked only for what it owns, only
/// while it does not choke us or has allowed the piece, and has at most its budget of requests open. A block counts
/// only if it was asked of its sender, once. A wanted piece is in `unbegun`, in `partials`, or verified.
///
/// `received` and the request that follows cost a few array accesses and allocate nothing once the arrays have grown;
/// only the choice of a new piece looks at more, and that is bounded.
struct PieceScheduler: Sendable {
    /// How many bytes a block has; the last of a piece may have fewer.
    static let blockLength = 16 << 10
    /// Peers that are followed at most; further ones are given nothing to do.
    static let peerLimit = 60_000

    let layout: PieceLayout
    let limits: SchedulerLimits
    let padding: [Range<Int64>]
    /// The verified pieces.
    var have: Bitfield
    /// What is wanted now.
    var wanted: WantedBytes
    /// Bytes of wanted pieces that are not verified yet.
    var wantedLeft: Int64 = 0
    /// Bytes of wanted pieces, verified or not.
    var wantedTotal: Int64 = 0
    /// Bytes of all pieces that are not verified yet, wanted or not: what trackers are told.
    var left: Int64 = 0
    var isPaused = false

    // MARK: Pieces

    var wantedPieces: PieceSet
    /// Wanted and not verified.
    var missing: PieceSet
    /// Missing, and no block of them asked for or there: the same pieces as in `rarity.order`.
    var unbegun: PieceSet
    var rarity: RarityOrder
    var partials: PartialPieces
    var lanes = PieceLanes()
    /// Blocks of the most urgent pieces that are waited for too long, the most urgent last.
    var lateBlocks: [Int] = []

    // MARK: Peers

    var peers: [SchedulerPeer] = []
    var requests = OpenRequests()
    /// Peers that have everything.
    var seeds = 0
    private var places: [PeerNumber: Int] = [:]
    private var vacantPlaces: [Int] = []
    /// The peer that was looked up last; blocks of one peer come in rows.
    private var lastPlace = 0

    // MARK: What is to be done

    var random: SeededRandom
    /// The latest time heard of.
    var clock: Moment?
    var wantedAt: Moment?
    /// Changes when blocks become free to ask for.
    var supply: UInt64 = 0
    /// All peers are to be looked at.
    var wakesAll = false
    /// Peers to be looked at.
    var listed: [Int] = []
    var pending: [SchedulerCommand] = []

    /// - Parameters:
    ///   - have: The pieces that are verified already.
    ///   - padding: Bytes that are known to be zero, in ascending order: blocks within them are not asked for, unless a
    ///     piece has no others.
    ///   - seed: Where the random picks begin; the same seed makes the same picks.
    init(
        layout: PieceLayout, have: Bitfield, wanted: WantedBytes, padding: [Range<Int64>] = [],
        limits: SchedulerLimits = .init(), seed: UInt64
    ) {
        self.layout = layout
        self.limits = limits
        self.have = have.count == layout.pieceCount ? have : Bitfield(count: layout.pieceCount)
        self.wanted = .nothing
        self.padding = padding
        let count = layout.pieceCount
        wantedPieces = PieceSet(count: count)
        missing = wantedPieces
        unbegun = wantedPieces
        rarity = RarityOrder(pieceCount: count)
        let longest = Int(min(Int64(layout.pieceLength), layout.totalLength))
        partials = PartialPieces(pieceCount: count, blocksPerPiece: Self.blockCount(ofBytes: longest))
        random = SeededRandom(seed: seed)
        for piece in 0..<count where !self.have[piece] { left += Int64(length(of: piece)) }
        apply(wanted)
    }

    /// Every wanted piece is verified.
    var isDone: Bool { missing.isEmpty }

    // MARK: Peers by number

    /// Where a peer stands in `peers`; nil when it has not joined.
    mutating func place(of peer: PeerNumber) -> Int? {
        if lastPlace < peers.count, peers[lastPlace].number == peer { return lastPlace }
        guard let place = places[peer] else { return nil }
        lastPlace = place
        return place
    }

    /// Where a peer stands in `peers`; nil when it has not joined.
    func findPlace(of peer: PeerNumber) -> Int? { places[peer] }

    mutating func add(_ peer: SchedulerPeer) {
        guard let number = peer.number, places[number] == nil, places.count < Self.peerLimit else { return }
        let place: Int
        if let vacant = vacantPlaces.popLast() {
            place = vacant
            peers[place] = peer
        } else {
            place = peers.count
            peers.append(peer)
        }
        places[number] = place
        mark(place)
    }

    mutating func vacate(_ place: Int) {
        guard let number = peers[place].number else { return }
        places[number] = nil
        peers[place].number = nil
        peers[place].pieces = PieceSet(count: 0)
        vacantPlaces.append(place)
    }

    /// The peer is to be looked at in the next `drain`.
    mutating func mark(_ place: Int) {
        guard !peers[place].isListed else { return }
        peers[place].isListed = true
        listed.append(place)
    }

    /// Notes the time.
    @discardableResult
    mutating func advance(to now: ContinuousClock.Instant) -> Moment {
        let moment = Moment(now)
        clock = moment
        return moment
    }

    /// Blocks have become free to ask for.
    mutating func replenish() {
        supply &+= 1
        wakesAll = true
    }

    // MARK: Sizes

    /// How many bytes a piece has; 0 when there is no such piece.
    func length(of piece: Int) -> Int { layout.length(of: PieceIndex(UInt32(truncatingIfNeeded: piece))) ?? 0 }

    static func blockCount(ofBytes bytes: Int) -> Int { max(0, bytes - 1) / blockLength + (bytes > 0 ? 1 : 0) }

    /// How a block is named to peers.
    func request(for block: Int) -> BlockRequest {
        let (place, index) = block.quotientAndRemainder(dividingBy: partials.stride)
        let piece = partials[place].piece
        let begin = index * Self.blockLength
        return BlockRequest(
            piece: PieceIndex(UInt32(truncatingIfNeeded: piece)), begin: UInt32(truncatingIfNeeded: begin),
            length: UInt32(truncatingIfNeeded: length(ofBlock: block)))
    }

    /// How many bytes a block has.
    func length(ofBlock block: Int) -> Int {
        let (place, index) = block.quotientAndRemainder(dividingBy: partials.stride)
        return min(Self.blockLength, partials[place].bytes - index * Self.blockLength)
    }

    /// The index of a block that begins there; nil when its piece is not begun or has no such block.
    func block(piece: PieceIndex, begin: UInt32) -> Int? {
        let (index, rest) = Int(begin).quotientAndRemainder(dividingBy: Self.blockLength)
        guard rest == 0, let place = partials.place(of: Int(piece.rawValue)), index < partials[place].blockCount
        else { return nil }
        return place * partials.stride + index
    }
}

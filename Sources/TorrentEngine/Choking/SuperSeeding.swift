import Metainfo

/// What a lone seed shows to whom, so that nearly every piece leaves it only once (BEP 16): a pure rule.
///
/// The seed claims to have nothing. It tells each peer of a piece or two that no other peer has, and of the next one only
/// when somebody else announces one of those: so it learns that the peer passes on what it gets. It ends when the
/// others have every piece between them.
struct SuperSeeding: Sendable {
    /// Tell a peer that we have a piece.
    struct Offer: Hashable, Sendable {
        let peer: PeerNumber
        let piece: PieceIndex
    }

    private struct Peer: Sendable {
        var have: Bitfield
        /// All pieces it may ask us for.
        var shown: Bitfield
        /// Those among them that nobody else has announced yet, since when.
        var open: [PieceIndex: ContinuousClock.Instant] = [:]
    }

    /// Pieces that one peer may hold for itself; with one alone the line would be idle between two.
    static let openOffers = 2
    /// After this time a peer that has its piece gets another though nobody announced it: perhaps it cannot be reached.
    static let patience: Duration = .seconds(120)

    private let pieceCount: Int
    private var peers: [PeerNumber: Peer] = [:]
    /// Of each piece: how many peers have it, and to how many it was shown.
    private var holders: [Int]
    private var shownTo: [Int]
    /// How many pieces somebody has.
    private var held = 0

    init(pieceCount: Int) {
        self.pieceCount = max(0, pieceCount)
        holders = [Int](repeating: 0, count: self.pieceCount)
        shownTo = holders
    }

    /// A peer has connected and told what it has, perhaps nothing.
    mutating func join(_ id: PeerNumber, have: Bitfield, now: ContinuousClock.Instant) -> [Offer] {
        guard peers[id] == nil else { return owns(id, have, now: now) }
        let none = Bitfield(count: pieceCount)
        peers[id] = Peer(have: none, shown: none)
        return owns(id, have, now: now)
    }

    /// A peer has told anew what it has.
    mutating func owns(_ id: PeerNumber, _ have: Bitfield, now: ContinuousClock.Instant) -> [Offer] {
        guard let peer = peers[id], have.count == pieceCount else { return [] }
        for index in 0..<pieceCount where have[index] != peer.have[index] {
            hold(index, have[index] ? 1 : -1)
        }
        peers[id]?.have = have
        var due: Set<PeerNumber> = [id]
        for piece in Array(peer.open.keys) where have[piece] { due.formUnion(settle(piece, announcedBy: id)) }
        for index in 0..<pieceCount where have[index] && !peer.have[index] {
            due.formUnion(settle(PieceIndex(UInt32(clamping: index)), announcedBy: id))
        }
        return due.sorted().flatMap { fill($0, now: now) }
    }

    /// A peer has announced a piece.
    mutating func has(_ id: PeerNumber, _ piece: PieceIndex, now: ContinuousClock.Instant) -> [Offer] {
        let index = Int(piece.rawValue)
        guard holders.indices.contains(index), peers[id]?.have[piece] == false else { return [] }
        peers[id]?.have[piece] = true
        hold(index, 1)
        return settle(piece, announcedBy: id).union([id]).sorted().flatMap { fill($0, now: now) }
    }

    /// A peer has gone.
    mutating func leave(_ id: PeerNumber) {
        guard let gone = peers.removeValue(forKey: id) else { return }
        for index in 0..<pieceCount {
            if gone.have[index] { hold(index, -1) }
            if gone.shown[index] { shownTo[index] -= 1 }
        }
    }

    /// Looks at the clock; about once a second.
    mutating func tick(now: ContinuousClock.Instant) -> [Offer] {
        var due: Set<PeerNumber> = []
        for (id, peer) in peers {
            for (piece, since) in peer.open where peer.have[piece] && now - since >= Self.patience {
                peers[id]?.open[piece] = nil
                due.insert(id)
            }
        }
        return due.sorted().flatMap { fill($0, now: now) }
    }

    /// Whether the peer may ask for a piece: only for those it was told of.
    func mayServe(_ piece: PieceIndex, to id: PeerNumber) -> Bool { peers[id]?.shown[piece] == true }

    /// Every piece is to be had from a peer, another seed perhaps: showing them one by one would only slow the swarm down.
    var isOver: Bool { held == pieceCount }

    /// What a peer was not told of yet: to be announced when this ends.
    func hidden(from id: PeerNumber) -> [PieceIndex] {
        guard let peer = peers[id] else { return [] }
        return (0..<pieceCount).filter { !peer.shown[$0] && !peer.have[$0] }.map { PieceIndex(UInt32(clamping: $0)) }
    }

    /// A piece was announced: whoever was shown it has passed it on, unless it is the announcer itself and others are
    /// there who could tell. Returns who may be shown another one.
    private mutating func settle(_ piece: PieceIndex, announcedBy id: PeerNumber) -> Set<PeerNumber> {
        var due: Set<PeerNumber> = []
        for (other, peer) in peers where peer.open[piece] != nil {
            let isConfirmed = other != id || (holders[Int(piece.rawValue)] > 1) || peers.count == 1
            guard isConfirmed else { continue }
            peers[other]?.open[piece] = nil
            due.insert(other)
        }
        return due
    }

    private mutating func hold(_ index: Int, _ change: Int) {
        if holders[index] == 0 { held += 1 }
        holders[index] += change
        if holders[index] == 0 { held -= 1 }
    }

    private mutating func fill(_ id: PeerNumber, now: ContinuousClock.Instant) -> [Offer] {
        var offers: [Offer] = []
        while let peer = peers[id], peer.open.count < Self.openOffers, let index = rarest(for: peer) {
            let piece = PieceIndex(UInt32(clamping: index))
            peers[id]?.shown[piece] = true
            peers[id]?.open[piece] = now
            shownTo[index] += 1
            offers.append(Offer(peer: id, piece: piece))
        }
        return offers
    }

    /// A piece that nobody has, of those the peer was not shown; one on its way to others only for want of a better one.
    private func rarest(for peer: Peer) -> Int? {
        var best: Int?
        for index in 0..<pieceCount where holders[index] == 0 && !peer.shown[index] {
            if shownTo[index] == 0 { return index }
            if best.map({ shownTo[index] < shownTo[$0] }) ?? true { best = index }
        }
        return best
    }
}

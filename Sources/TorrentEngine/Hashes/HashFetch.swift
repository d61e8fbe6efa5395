import Cryptography
import Metainfo
import PeerWire

/// Fetches hashes from peers (BEP 52): the piece layers that a magnet link does not bring, and the leaves of a piece
/// that failed, to tell which of its blocks were bad.
///
/// Pure. Only peers of version 2 may join, those whose handshake had the version 2 hash or the upgrade bit: others
/// close the connection when asked. Every answer is checked against the root it must lead to.
struct HashFetch: Sendable {
    /// Hashes in one request at most, as BEP 52 asks for.
    static let chunk = 512
    /// Requests one peer has at a time.
    static let requestsPerPeer = 4
    /// A peer that has not answered by then is passed over.
    static let patience: Duration = .seconds(15)
    /// A peer that said no is asked again after this long.
    static let refusalRest: Duration = .seconds(30)

    /// What is known so far.
    private(set) var layers: PieceLayers
    /// What comes in of piece layers, by the file's root.
    var parts: [[UInt8]: HashParts] = [:]
    /// What comes in of leaves.
    var leafParts: [PieceIndex: HashParts] = [:]
    /// Everything that is still needed.
    private var needed: Set<HashRequest> = []
    /// What is to be asked, the next one last; an entry that is not needed any more, or is asked already, is skipped.
    private var waiting: [HashRequest] = []
    private var asked: [HashRequest: (peer: PeerNumber, at: ContinuousClock.Instant)] = [:]
    private var peers: [PeerNumber: Standing] = [:]

    /// How one peer is used.
    private struct Standing: Sendable {
        var asked: Set<HashRequest> = []
        var restsUntil: ContinuousClock.Instant?
    }

    /// Fetches what is missing in `layers`.
    init(layers: PieceLayers) {
        self.layers = layers
        for file in layers.missing.reversed() { wantLayer(of: file) }
    }

    /// Whether nothing is to be asked and nothing is awaited.
    var isIdle: Bool { needed.isEmpty }

    /// Whether every piece's hash is known.
    var isComplete: Bool { parts.isEmpty }

    // MARK: Peers

    /// A peer of version 2 that may be asked.
    mutating func join(_ peer: PeerNumber) {
        if peers[peer] == nil { peers[peer] = Standing() }
    }

    /// The peer is gone; what it was asked for is asked of others.
    mutating func leave(_ peer: PeerNumber) {
        guard let standing = peers.removeValue(forKey: peer) else { return }
        for request in standing.asked where asked[request]?.peer == peer { putBack(request) }
    }

    /// The requests to send now.
    mutating func next(now: ContinuousClock.Instant) -> [(PeerNumber, HashRequest)] {
        expire(now: now)
        var out: [(PeerNumber, HashRequest)] = []
        while let request = waiting.last {
            guard needed.contains(request), asked[request] == nil else {
                waiting.removeLast()
                continue
            }
            guard let peer = freePeer(now: now) else { break }
            waiting.removeLast()
            asked[request] = (peer, now)
            peers[peer]?.asked.insert(request)
            out.append((peer, request))
        }
        return out
    }

    // MARK: Answers

    /// Takes the hashes a peer sent.
    mutating func receive(_ request: HashRequest, hashes: [UInt8], from peer: PeerNumber) -> HashFetchOutcome {
        guard peers[peer]?.asked.remove(request) != nil else { return .unasked }
        if asked[request]?.peer == peer { asked[request] = nil }
        guard needed.contains(request) else { return .unasked }
        guard let expected = expected(request), HashProof.top(of: hashes, for: request)?[...] == expected else {
            if asked[request] == nil { waiting.append(request) }
            return .bad
        }
        // A late answer of one peer makes another's superfluous.
        asked[request] = nil
        needed.remove(request)
        return store(request, hashes)
    }

    /// The peer will not send these hashes.
    mutating func rejected(_ request: HashRequest, from peer: PeerNumber, now: ContinuousClock.Instant) {
        guard peers[peer]?.asked.remove(request) != nil else { return }
        peers[peer]?.restsUntil = now + Self.refusalRest
        if asked[request]?.peer == peer { putBack(request) }
    }

    // MARK: Inside

    /// Adds requests, to be asked next and in their order.
    mutating func add(_ requests: [HashRequest]) {
        needed.formUnion(requests)
        waiting += requests.reversed()
    }

    /// The piece whose leaves are asked for; nil when the request is for a piece layer.
    private func piece(of request: HashRequest) -> PieceIndex? {
        guard request.baseLayer == 0, let file = layers.file(root: request.piecesRoot) else { return nil }
        let piece = PieceIndex(
            UInt32(
                truncatingIfNeeded: file.offset / Int64(layers.pieceLength)
                    + Int64(request.index) / Int64(layers.leavesPerPiece)))
        return leafParts[piece] == nil ? nil : piece
    }

    /// The hash the answer must lead to.
    private func expected(_ request: HashRequest) -> ArraySlice<UInt8>? {
        if let piece = piece(of: request) { return layers.root(of: piece)?.hash }
        return request.piecesRoot[...]
    }

    private mutating func store(_ request: HashRequest, _ hashes: [UInt8]) -> HashFetchOutcome {
        if let piece = piece(of: request), var part = leafParts[piece] {
            let start = Int(request.index) % layers.leavesPerPiece
            guard part.take(hashes, at: start, count: Int(request.length)) else {
                leafParts[piece] = part
                return .stored
            }
            leafParts[piece] = nil
            return .leaves(piece, part.hashes)
        }
        guard var part = parts[request.piecesRoot] else { return .unasked }
        guard part.take(hashes, at: Int(request.index), count: Int(request.length)) else {
            parts[request.piecesRoot] = part
            return .stored
        }
        parts[request.piecesRoot] = nil
        // Each part led to the root, so the whole does.
        return layers.add(part.hashes, root: request.piecesRoot) ? .layer(root: request.piecesRoot) : .bad
    }

    private mutating func putBack(_ request: HashRequest) {
        asked[request] = nil
        waiting.append(request)
    }

    private mutating func expire(now: ContinuousClock.Instant) {
        for (request, entry) in asked where now - entry.at >= Self.patience {
            peers[entry.peer]?.restsUntil = now + Self.refusalRest
            putBack(request)
        }
    }

    /// The peer with the fewest requests among those that do not rest.
    private func freePeer(now: ContinuousClock.Instant) -> PeerNumber? {
        peers.filter { $1.asked.count < Self.requestsPerPeer && ($1.restsUntil ?? now) <= now }
            .min { ($0.value.asked.count, $0.key) < ($1.value.asked.count, $1.key) }?.key
    }
}

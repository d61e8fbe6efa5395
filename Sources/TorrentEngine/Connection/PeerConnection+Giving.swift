import Metainfo
import PeerWire

/// What the peer may have of us.
extension PeerConnection {
    // MARK: Our pieces

    /// Tells the peer that we have a piece, once.
    mutating func offer(_ piece: PieceIndex) -> PeerMessage? {
        guard offered?[piece] == false, let layout, Int(piece.rawValue) < layout.pieceCount else { return nil }
        offered?[piece] = true
        return .have(piece)
    }

    /// Tells the peer that we have a piece no longer (BEP 54), if it can hear that. It is not served in either case.
    mutating func withdraw(_ piece: PieceIndex) -> PeerMessage? {
        guard let layout, Int(piece.rawValue) < layout.pieceCount else { return nil }
        if offered == nil { offered = Bitfield(full: layout.pieceCount) }
        guard offered?[piece] == true else { return nil }
        offered?[piece] = false
        return extensions.dontHaveID.map { .extended(id: $0, payload: DontHaveMessage.payload(of: piece)[...]) }
    }

    /// Lets the peer have these pieces while it is choked (BEP 6).
    mutating func grant(_ pieces: [PieceIndex]) -> [PeerAction] {
        guard isFast, let layout else { return [] }
        granted = pieces
        grantedBytesLeft = pieces.reduce(0) { $0 + Int64(layout.length(of: $1) ?? 0) }
        return pieces.map { .send(.allowedFast($0)) }
    }

    // MARK: Choking

    mutating func unchoke(now: ContinuousClock.Instant) -> [PeerAction] {
        guard isChoked else { return [] }
        isChoked = false
        chokeChangedAt = now
        requestsWhileChoked = 0
        return [.send(.unchoke)]
    }

    /// Requests that are not answered yet are rejected, or by the older rule forgotten (BEP 6).
    mutating func choke(now: ContinuousClock.Instant) -> [PeerAction] {
        guard !isChoked else { return [] }
        isChoked = true
        chokeChangedAt = now
        return [.send(.choke)] + rejectAll()
    }

    // MARK: Blocks given

    /// Moves the next requests into `batch`, up to `bytes` of blocks, and counts them as taken by the peer.
    mutating func takeBatch(into batch: inout [QueuedBlock], bytes: Int) {
        batch.removeAll(keepingCapacity: true)
        requests.take(into: &batch, bytes: bytes, limit: BlockReader.batchCount)
        for block in batch { taken += Int64(block.length) }
    }

    /// The content could not be read: a fast peer is told so, another one would wait for ever and is closed.
    mutating func contentFailed(for batch: [QueuedBlock]) -> [PeerAction] {
        for block in batch { taken -= Int64(block.length) }
        guard isFast else { return [.close(.contentUnreadable)] }
        return batch.map { .send(.reject($0.request)) } + rejectAll()
    }

    mutating func rejectAll() -> [PeerAction] {
        let dropped = requests.takeAll()
        return isFast ? dropped.map { .send(.reject($0.request)) } : []
    }
}

import Metainfo
import PeerWire

extension PeerConnection {
    /// A peer whose requests cross our choke on the way is not at fault for this long.
    static let chokeGrace: Duration = .seconds(5)

    /// Takes one message.
    mutating func receive(_ message: PeerMessage, now: ContinuousClock.Instant) -> [PeerAction] {
        if message == .keepAlive { return [] }
        lastMessage = now
        switch message {
        case .interested: return interest(true)
        case .notInterested: return interest(false)
        case .have(let piece): return receiveHave(piece, now: now)
        case .bitfield(let bytes): return receiveBitfield(bytes, now: now)
        case .haveAll: return isFast ? receiveHaveAll(now: now) : [.close(.fastNotNegotiated)]
        case .haveNone: return isFast ? receiveHaveNone(now: now) : [.close(.fastNotNegotiated)]
        case .request(let request): return receiveRequest(request, now: now)
        case .cancel(let request): return receiveCancel(request)
        case .extended(let id, let payload): return receiveExtended(id: id, payload: payload, now: now)
        case .choke: return receiveChoke(true)
        case .unchoke: return receiveChoke(false)
        case .allowedFast(let piece): return receiveAllowedFast(piece)
        case .suggest(let piece): return receiveSuggest(piece)
        case .reject(let request): return receiveReject(request)
        // Blocks that were asked for come by `receiveBlock`.
        case .piece: return [.close(.unexpectedPiece)]
        case .hashRequest(let request):
            return answersHashes ? [.tell(.hashRequest(request))] : [.send(.hashReject(request))]
        case .hashes(let request, let hashes): return isTrading ? [.tell(.hashes(request, hashes))] : []
        case .hashReject(let request): return isTrading ? [.tell(.hashReject(request))] : []
        case .port(let port): return isTrading && port > 0 ? [.tell(.dhtPort(port))] : []
        case .keepAlive, .unknown: return []
        }
    }

    // MARK: Interest and pieces

    private mutating func interest(_ isOn: Bool) -> [PeerAction] {
        guard isOn != isInterested else { return [] }
        isInterested = isOn
        return (isOn ? [] : rejectAll()) + [.interestChanged]
    }

    private mutating func receiveHave(_ piece: PieceIndex, now: ContinuousClock.Instant) -> [PeerAction] {
        guard let layout else {
            early.note(piece)
            return []
        }
        guard let length = layout.length(of: piece) else { return [.close(.invalidHave)] }
        guard !have[piece] else { return [] }
        gained = min(gained + Int64(length), layout.totalLength)
        have[piece] = true
        noteFull(now: now)
        return tellsPieces ? [.tell(.ownsPiece(piece))] : []
    }

    /// The peer has lost a piece (BEP 54).
    mutating func receiveDontHave(_ piece: PieceIndex, now: ContinuousClock.Instant) -> [PeerAction] {
        guard let layout else {
            early.forget(piece)
            return []
        }
        guard Int(piece.rawValue) < layout.pieceCount else { return [.close(.invalidHave)] }
        guard have[piece] else { return [] }
        have[piece] = false
        noteFull(now: now)
        return tellsPieces ? [.tell(.lostPiece(piece))] : []
    }

    private mutating func receiveBitfield(_ bytes: [UInt8], now: ContinuousClock.Instant) -> [PeerAction] {
        guard let layout else {
            early.note(bits: bytes)
            return []
        }
        guard let bitfield = Bitfield(bytes: bytes, count: layout.pieceCount) else { return [.close(.invalidBitfield)] }
        return own(bitfield, now: now)
    }

    private mutating func receiveHaveAll(now: ContinuousClock.Instant) -> [PeerAction] {
        guard let layout else {
            early.noteAll()
            return []
        }
        return own(Bitfield(full: layout.pieceCount), now: now)
    }

    private mutating func receiveHaveNone(now: ContinuousClock.Instant) -> [PeerAction] {
        guard let layout else {
            early.noteNone()
            return []
        }
        return own(Bitfield(count: layout.pieceCount), now: now)
    }

    /// A repeated bitfield replaces the former one.
    private mutating func own(_ bitfield: Bitfield, now: ContinuousClock.Instant) -> [PeerAction] {
        have = bitfield
        noteFull(now: now)
        return tellsPieces ? [.tell(.owns(bitfield))] : []
    }

    private mutating func noteFull(now: ContinuousClock.Instant) {
        guard have.isFull else {
            fullSince = nil
            return
        }
        if fullSince == nil { fullSince = now }
    }

    // MARK: Requests

    private mutating func receiveRequest(_ request: BlockRequest, now: ContinuousClock.Instant) -> [PeerAction] {
        let isGranted = isChoked && granted.contains(request.piece) && grantedBytesLeft >= Int64(request.length)
        if isChoked, !isGranted { return refuseWhileChoked(request, now: now) }
        let block = layout?.block(
            piece: request.piece.rawValue, begin: request.begin, length: request.length, limit: limits.blockLength)
        guard let block, offered?[request.piece] != false else {
            invalidRequests += 1
            return invalidRequests > limits.invalidRequests ? [.close(.tooManyInvalidRequests)] : refuse(request)
        }
        if taken >= allowance { return [.close(.tookTooMuch)] }
        guard requests.append(QueuedBlock(request: request, offset: block.offset)) else { return refuse(request) }
        if isGranted { grantedBytesLeft -= Int64(request.length) }
        return []
    }

    private mutating func refuseWhileChoked(
        _ request: BlockRequest, now: ContinuousClock.Instant
    ) -> [PeerAction] {
        let wasUnchoked = chokeChangedAt != openedAt
        if wasUnchoked, now - chokeChangedAt < Self.chokeGrace { return refuse(request) }
        requestsWhileChoked += 1
        return requestsWhileChoked > limits.requestsWhileChoked
            ? [.close(.tooManyRequestsWhileChoked)] : refuse(request)
    }

    /// A fast peer is told; another one hears nothing.
    private func refuse(_ request: BlockRequest) -> [PeerAction] { isFast ? [.send(.reject(request))] : [] }

    /// With the fast extension a cancelled request is answered too (BEP 6).
    private mutating func receiveCancel(_ request: BlockRequest) -> [PeerAction] {
        requests.remove(request) == nil ? [] : refuse(request)
    }
}

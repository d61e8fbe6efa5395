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
        case .haveAll: return isFast ? own(Bitfield(full: layout.pieceCount), now: now) : [.close(.fastNotNegotiated)]
        case .haveNone: return isFast ? own(Bitfield(count: layout.pieceCount), now: now) : [.close(.fastNotNegotiated)]
        case .request(let request): return receiveRequest(request, now: now)
        case .cancel(let request): return receiveCancel(request)
        case .extended(let id, let payload): return receiveExtended(id: id, payload: payload)
        // A seeder asks for nothing.
        case .piece: return [.close(.unexpectedPiece)]
        case .hashRequest(let request): return [.send(.hashReject(request))]
        // Nothing a seeder has to know: what the peer would give, where its DHT node is, what we do not speak.
        case .keepAlive, .choke, .unchoke, .port, .suggest, .allowedFast, .reject, .hashes, .hashReject, .unknown:
            return []
        }
    }

    // MARK: Interest and pieces

    private mutating func interest(_ isOn: Bool) -> [PeerAction] {
        guard isOn != isInterested else { return [] }
        isInterested = isOn
        return (isOn ? [] : rejectAll()) + [.interestChanged]
    }

    private mutating func receiveHave(_ piece: PieceIndex, now: ContinuousClock.Instant) -> [PeerAction] {
        guard let length = layout.length(of: piece) else { return [.close(.invalidHave)] }
        if !have[piece] { gained = min(gained + Int64(length), layout.totalLength) }
        have[piece] = true
        noteFull(now: now)
        return []
    }

    private mutating func receiveBitfield(_ bytes: [UInt8], now: ContinuousClock.Instant) -> [PeerAction] {
        guard let bitfield = Bitfield(bytes: bytes, count: layout.pieceCount) else { return [.close(.invalidBitfield)] }
        return own(bitfield, now: now)
    }

    /// A repeated bitfield replaces the former one.
    private mutating func own(_ bitfield: Bitfield, now: ContinuousClock.Instant) -> [PeerAction] {
        have = bitfield
        noteFull(now: now)
        return []
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
        if isChoked { return refuseWhileChoked(request, now: now) }
        let block = layout.block(
            piece: request.piece.rawValue, begin: request.begin, length: request.length, limit: limits.blockLength)
        guard let block else {
            invalidRequests += 1
            return invalidRequests > limits.invalidRequests ? [.close(.tooManyInvalidRequests)] : refuse(request)
        }
        if taken >= allowance { return [.close(.tookTooMuch)] }
        return requests.append(QueuedBlock(request: request, offset: block.offset)) ? [] : refuse(request)
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

import Metainfo
import PeerWire

/// What we want from the peer. Which blocks these are is decided outside.
extension PeerConnection {
    /// Tells the peer whether it has anything we want; nil when it knows.
    mutating func want(_ isOn: Bool) -> PeerMessage? {
        guard isOn != isWanted else { return nil }
        isWanted = isOn
        return isOn ? .interested : .notInterested
    }

    /// Asks for a block; nil when that is not allowed.
    mutating func ask(_ request: BlockRequest) -> PeerMessage? {
        guard isTrading, have[request.piece], !isChokingUs || allowedFast.contains(request.piece) else { return nil }
        wasAsked = true
        return .request(request)
    }

    /// A block has come. Returns why the connection ends, if it does; whether the block is wanted is decided outside.
    mutating func receiveBlock(
        piece: PieceIndex, begin: UInt32, length: Int, now: ContinuousClock.Instant
    ) -> PeerCloseReason? {
        lastMessage = now
        guard wasAsked, let layout, let length = UInt32(exactly: length),
            layout.block(piece: piece.rawValue, begin: begin, length: length, limit: limits.blockLength) != nil
        else { return .unexpectedPiece }
        received += Int64(length)
        return nil
    }

    /// A block was of no use. Some cross our cancel on the way; a peer that sends more than that is closed.
    mutating func noteUnwanted(_ length: Int) -> PeerCloseReason? {
        unwanted += Int64(length)
        return unwanted > limits.unwantedBytes + received / 8 ? .unexpectedPiece : nil
    }

    // MARK: What the peer says of it

    mutating func receiveChoke(_ isOn: Bool) -> [PeerAction] {
        guard isTrading, isOn != isChokingUs else { return [] }
        isChokingUs = isOn
        return [.tell(isOn ? .choked : .unchoked)]
    }

    mutating func receiveAllowedFast(_ piece: PieceIndex) -> [PeerAction] {
        guard isFast else { return [.close(.fastNotNegotiated)] }
        guard isTrading, let layout, Int(piece.rawValue) < layout.pieceCount, !allowedFast.contains(piece),
            allowedFast.count < limits.allowedFastPieces
        else { return [] }
        allowedFast.append(piece)
        return [.tell(.allowedFast(piece))]
    }

    mutating func receiveSuggest(_ piece: PieceIndex) -> [PeerAction] {
        guard isTrading, isFast, let layout, Int(piece.rawValue) < layout.pieceCount else { return [] }
        return [.tell(.suggested(piece))]
    }

    mutating func receiveReject(_ request: BlockRequest) -> [PeerAction] {
        guard isTrading else { return [] }
        return isFast ? [.tell(.rejected(request))] : [.close(.fastNotNegotiated)]
    }
}

import Metainfo
import PeerWire

@testable import TorrentEngine

extension SimulatedNode {
    /// Something has arrived.
    func receive(_ parcel: SimulatedSession.Parcel, in session: SimulatedSession) {
        guard !session.isClosed else { return }
        session.connection.lastHeard = swarm.now
        switch parcel {
        case .message(let message):
            perform(session.connection.receive(message, now: swarm.now), in: session)
            if case .request(let request) = message { misbehave(on: request, in: session) }
        case .block(let request, let token): receive(request, token, in: session)
        }
        pump()
        flush()
    }

    /// Does what a connection wants done.
    func perform(_ actions: [PeerAction], in session: SimulatedSession) {
        for action in actions {
            switch action {
            case .send(let message): send(message, in: session)
            case .close(let reason):
                if isHonest, session.remote.isHonest, reason != .bothSeeds, reason != .idle {
                    swarm.violation("\(id) closes \(session.remote.id): \(reason)")
                }
                swarm.disconnect(session)
            case .interestChanged: fillSlots()
            case .tell(let event): take(event, in: session)
            case .metadataRequested: swarm.violation("metadata was asked for")
            }
        }
    }

    private func take(_ event: PeerEvent, in session: SimulatedSession) {
        let number = session.number
        switch event {
        case .owns(let pieces): scheduler.owns(number, pieces)
        case .ownsPiece(let piece): scheduler.owns(number, piece)
        case .lostPiece(let piece): scheduler.lost(number, piece)
        case .choked:
            if !session.connection.isFast { session.open.removeAll() }
            scheduler.choked(number, now: swarm.now)
        case .unchoked: scheduler.unchoked(number, now: swarm.now)
        case .rejected(let request):
            session.open.remove(request)
            scheduler.rejected(number, request, now: swarm.now)
        case .allowedFast(let piece): scheduler.allowedFast(number, piece)
        case .suggested(let piece): scheduler.suggested(number, piece)
        default: break
        }
    }

    private func misbehave(on request: BlockRequest, in session: SimulatedSession) {
        switch conduct {
        case .rejecting: perform(session.connection.rejectAll(), in: session)
        case .forgetful(let share):
            if Double(random.index(below: 1000)) < share * 1000 { _ = session.connection.requests.remove(request) }
        default: break
        }
    }

    // MARK: Blocks

    private func receive(_ request: BlockRequest, _ token: UInt64, in session: SimulatedSession) {
        let length = Int(request.length)
        session.open.remove(request)
        session.receivedInRound += length
        received += length
        let reason = session.connection.receiveBlock(
            piece: request.piece, begin: request.begin, length: length, now: swarm.now)
        guard reason == nil else { return swarm.violation("a block that cannot be") }
        let receipt = scheduler.received(
            session.number, piece: request.piece, begin: request.begin, length: length, now: swarm.now)
        guard receipt != .unwanted else {
            wasted += length
            return
        }
        let piece = Int(request.piece.rawValue)
        let blocks = PieceScheduler.blockCount(ofBytes: scheduler.length(of: piece))
        content[piece, default: [UInt64](repeating: 0, count: blocks)][Int(request.begin) >> 14] = token
        if receipt == .storeLast { swarm.plan(after: .milliseconds(5)) { [weak self] in self?.verify(request.piece) } }
    }

    private func verify(_ piece: PieceIndex) {
        guard isOnline, !scheduler.have[piece], let tokens = content[Int(piece.rawValue)] else { return }
        let truth = swarm.truth(of: Int(piece.rawValue))
        if tokens == truth { accept(piece, tokens) } else { refuse(piece, tokens, truth) }
        flush()
    }

    private func accept(_ piece: PieceIndex, _ tokens: [UInt64]) {
        ban(blame.verified(piece, digests: digests(tokens)))
        scheduler.verified(piece)
        for session in sessions where !session.isClosed {
            if let message = session.connection.offer(piece) { send(message, in: session) }
        }
        if isDone, completedAt == nil { completedAt = swarm.elapsed }
    }

    private func refuse(_ piece: PieceIndex, _ tokens: [UInt64], _ truth: [UInt64]) {
        var senders: BlockBlame.Senders = [:]
        for (begin, peer) in scheduler.contributors(of: piece) { senders[Int(begin) >> 14] = peer }
        let bad = swarm.knowsBlocks ? tokens.indices.filter { tokens[$0] != truth[$0] } : nil
        let liars = blame.failed(piece, BadPiece(digests: digests(tokens), blocks: bad), senders: senders)
        scheduler.failed(piece, bad: bad?.map { UInt32($0 << 14) })
        swarm.badPieces += 1
        ban(liars)
    }

    private func digests(_ tokens: [UInt64]) -> BlockDigests {
        BlockDigests(
            digestLength: 20,
            bytes: tokens.flatMap { token in (0..<20).map { UInt8(truncatingIfNeeded: token >> (8 * ($0 % 8))) } })
    }

    private func ban(_ liars: Set<PeerNumber>) {
        for number in liars.sorted() {
            guard let other = swarm.node(behind: number, seenBy: self) else { continue }
            banned.insert(other.id)
            if case .lying = other.conduct {} else { swarm.violation("\(id) bans \(other.id), who told the truth") }
            for session in sessions where session.remote === other { swarm.disconnect(session) }
        }
    }
}

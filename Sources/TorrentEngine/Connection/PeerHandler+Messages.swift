import Metainfo
import NIOCore
import PeerWire

/// Messages come in, and what the conversation makes of them is done.
extension PeerHandler {
    func receiveMessages(_ buffer: ByteBuffer, now: ContinuousClock.Instant) {
        let chunk = buffer.readableBytesSpan
        var position = 0
        do throws(PeerWireError) {
            while closing == nil, let frame = try framing.next(in: chunk, at: &position) {
                switch frame {
                case .message(let message): receive(message, now: now)
                case .block(let piece, let begin, let place):
                    receive(block: chunk.extracting(place), piece: piece, begin: begin, now: now)
                case .heldBlock(let piece, let begin, _):
                    framing.withHeldBlock { receive(block: $0, piece: piece, begin: begin, now: now) }
                }
            }
        } catch {
            close(Self.reason(for: error))
        }
    }

    private func receive(_ message: PeerMessage, now: ContinuousClock.Instant) {
        if core.isLogging { core.log(self, .received, message.words) }
        guard let actions = connection?.receive(message, now: now), !actions.isEmpty else { return }
        perform(actions)
    }

    private func receive(block: RawSpan, piece: PieceIndex, begin: UInt32, now: ContinuousClock.Instant) {
        let length = block.byteCount
        if core.isLogging { core.log(self, .received, PeerMessage.blockWords(piece, begin, length)) }
        let reason = connection?.receiveBlock(piece: piece, begin: begin, length: length, now: now)
        guard reason == nil, let download = torrent?.download else { return close(reason ?? .unexpectedPiece) }
        taking.add(length, now: now)
        let isOfUse = download.received(block, piece: piece, begin: begin, from: self, now: now)
        if !isOfUse, let reason = connection?.noteUnwanted(length) { close(reason) }
    }

    private static func reason(for error: PeerWireError) -> PeerCloseReason {
        if case .tooLong = error { .messageTooLong } else { .malformedMessage }
    }

    func perform(_ actions: [PeerAction]) {
        for action in actions where closing == nil {
            switch action {
            case .send(let message): send(message)
            case .close(let reason): close(reason)
            case .interestChanged: wantsSlots = true
            case .metadataRequested: wantsMetadata = true
            case .tell(.hashRequest(let request)): core.answer(request, of: self)
            case .tell(let event): torrent?.heard(event, from: self)
            }
        }
    }
}

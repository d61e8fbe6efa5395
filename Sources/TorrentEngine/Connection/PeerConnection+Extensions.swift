import PeerWire

extension PeerConnection {
    /// Takes an extension message (BEP 10); only from peers that announced the extension.
    mutating func receiveExtended(
        id: UInt8, payload: ArraySlice<UInt8>, now: ContinuousClock.Instant
    ) -> [PeerAction] {
        guard isExtended else { return [.close(.malformedMessage)] }
        do {
            switch id {
            case 0: return receive(try ExtensionHandshake(decoding: payload))
            case OurExtensions.metadata: return receive(try MetadataMessage(decoding: payload))
            case OurExtensions.peerExchange:
                // Checked like all others; a seeder has no use for the addresses.
                let message = try PeerExchangeMessage(decoding: payload)
                return isTrading ? [.tell(.peerExchange(message))] : []
            case OurExtensions.dontHave:
                return receiveDontHave(try DontHaveMessage.piece(in: payload), now: now)
            case OurExtensions.uploadOnly:
                extensions.isUploadOnly = payload.first.map { $0 != 0 } ?? false
                return []
            default: return []
            }
        } catch {
            return [.close(.malformedMessage)]
        }
    }

    private mutating func receive(_ handshake: ExtensionHandshake) -> [PeerAction] {
        extensions.update(from: handshake)
        return isTrading ? [.tell(.extensionHandshake)] : []
    }

    private mutating func receive(_ message: MetadataMessage) -> [PeerAction] {
        guard case .request(let piece) = message else { return isTrading ? [.tell(.metadata(message))] : [] }
        guard let id = extensions.metadataID else { return [] }
        guard metadataRequests.count < limits.queuedMetadataRequests else {
            return [.send(.extended(id: id, payload: MetadataMessage.reject(piece: piece).encoded()[...]))]
        }
        metadataRequests.append(piece)
        return [.metadataRequested]
    }

    /// Asks for a part of the torrent's `info` (BEP 9); nil when the peer does not take such messages.
    func askMetadata(piece: Int) -> PeerMessage? {
        extensions.metadataID.map { .extended(id: $0, payload: MetadataMessage.request(piece: piece).encoded()[...]) }
    }

    /// Answers the oldest metadata requests, as many as `room` bytes allow and at least one when there is one.
    /// Without `info` all are rejected; so are pieces that do not exist, and all once the peer has fetched the
    /// whole too often.
    mutating func answerMetadata(_ info: [UInt8]?, room: Int) -> [PeerAction] {
        guard let id = extensions.metadataID, !metadataRequests.isEmpty else { return [] }
        var answers: [PeerAction] = []
        var left = room
        var answered = 0
        for piece in metadataRequests {
            guard left > 0 || answers.isEmpty else { break }
            let message = metadataAnswer(piece, info)
            left -= message.count
            answered += 1
            answers.append(.send(.extended(id: id, payload: message[...])))
        }
        metadataRequests.removeFirst(answered)
        return answers
    }

    private mutating func metadataAnswer(_ piece: Int, _ info: [UInt8]?) -> [UInt8] {
        guard let info else { return MetadataMessage.reject(piece: piece).encoded() }
        let allowed = (info.count + MetadataMessage.blockLength) * limits.metadataFetches
        guard metadataBytesSent < allowed else { return MetadataMessage.reject(piece: piece).encoded() }
        let answer = MetadataMessage.answer(toRequestFor: piece, of: info)
        if case .data(_, _, let block) = answer { metadataBytesSent += block.count }
        return answer.encoded()
    }
}

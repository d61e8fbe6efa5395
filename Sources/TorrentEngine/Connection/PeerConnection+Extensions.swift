import PeerWire

extension PeerConnection {
    /// Takes an extension message (BEP 10); only from peers that announced the extension.
    mutating func receiveExtended(id: UInt8, payload: ArraySlice<UInt8>) -> [PeerAction] {
        guard isExtended else { return [.close(.malformedMessage)] }
        do {
            switch id {
            case 0: return receive(try ExtensionHandshake(decoding: payload))
            case OurExtensions.metadata: return receive(try MetadataMessage(decoding: payload))
            case OurExtensions.peerExchange:
                // Checked like all others; a seeder has no use for the addresses.
                _ = try PeerExchangeMessage(decoding: payload)
                return []
            default: return []
            }
        } catch {
            return [.close(.malformedMessage)]
        }
    }

    private mutating func receive(_ handshake: ExtensionHandshake) -> [PeerAction] {
        if let number = handshake.messageIDs[ExtensionName.metadata] {
            extensions.metadataID = number == 0 ? nil : number
        }
        if let client = handshake.client { extensions.client = String(client.prefix(64)) }
        if let port = handshake.listenPort, port != 0 { extensions.listenPort = port }
        extensions.isUploadOnly = handshake.isUploadOnly
        return []
    }

    private mutating func receive(_ message: MetadataMessage) -> [PeerAction] {
        guard case .request(let piece) = message, let id = extensions.metadataID else { return [] }
        guard metadataRequests.count < limits.queuedMetadataRequests else {
            return [.send(.extended(id: id, payload: MetadataMessage.reject(piece: piece).encoded()[...]))]
        }
        metadataRequests.append(piece)
        return [.metadataRequested]
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

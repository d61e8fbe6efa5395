import PeerWire

/// What a peer connection wants done; the channel handler does it.
enum PeerAction: Equatable, Sendable {
    /// Write this message.
    case send(PeerMessage)
    /// End the connection; what was sent before still goes out.
    case close(PeerCloseReason)
    /// The peer has become interested, or is no longer: the choker wants to know.
    case interestChanged
    /// The peer has asked for metadata: answer with `answerMetadata`, once the `info` bytes are there.
    case metadataRequested
    /// Tell the download what the peer said.
    case tell(PeerEvent)
}

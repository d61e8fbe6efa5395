import PeerWire

/// Collects the 68 bytes of a handshake (BEP 3) and gives up at the first byte that cannot be one, so that other
/// protocols are not kept waiting for an answer.
struct HandshakeReader: Sendable {
    private var bytes: [UInt8] = []

    /// Takes what it needs from the front of `input`. Returns the handshake when it is whole, nil when more has to
    /// come; throws `notBitTorrent`.
    mutating func read(from input: inout ArraySlice<UInt8>) throws(PeerCloseReason) -> PeerHandshake? {
        let taken = input.prefix(PeerHandshake.byteCount - bytes.count)
        input = input.dropFirst(taken.count)
        bytes.append(contentsOf: taken)
        guard PeerHandshake.mayBegin(with: unsafe bytes.span.bytes) else { throw .notBitTorrent }
        guard bytes.count == PeerHandshake.byteCount else { return nil }
        guard let handshake = try? PeerHandshake(decoding: unsafe bytes.span.bytes) else { throw .notBitTorrent }
        return handshake
    }
}

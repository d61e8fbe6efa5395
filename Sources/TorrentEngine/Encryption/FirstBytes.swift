import PeerWire

/// What the first bytes of a connection tell about its protocol. A public key is random, so it begins like one of the
/// known protocols once in four thousand million connections at most.
enum FirstBytes: Equatable {
    /// The 20 bytes of a plain handshake.
    case bitTorrent
    /// All that came agrees with a plain handshake.
    case undecided
    /// Some other protocol, or a plain handshake gone wrong.
    case otherProtocol
    /// Not yet a public key, perhaps the beginning of one.
    case anything
    /// 96 bytes or more that look as random as a public key is.
    case publicKey

    private static let handshake = [19] + Array("BitTorrent protocol".utf8)
    /// So much of a plain handshake is no coincidence.
    private static let tellingPrefix = handshake.prefix(8)
    private static let others = ["GET /", "HEAD /", "POST /", "OPTIONS ", "CONNECT ", "SSH-2.0", "HELO ", "EHLO "]
        .map { Array($0.utf8) }
    private static let tlsRecord: [UInt8] = [0x16, 0x03]

    init(_ bytes: [UInt8]) {
        if bytes.starts(with: Self.handshake) {
            self = .bitTorrent
        } else if Self.handshake.starts(with: bytes) {
            self = .undecided
        } else if bytes.starts(with: Self.tellingPrefix) || Self.isOther(bytes) {
            self = .otherProtocol
        } else if bytes.count < EncryptionKeys.byteCount {
            self = .anything
        } else {
            self = Self.isRandom(bytes.prefix(EncryptionKeys.byteCount)) ? .publicKey : .otherProtocol
        }
    }

    /// Text and fillings are no key: 96 random bytes hold 80 different ones, hardly ever fewer than 60, and some above
    /// 127.
    private static func isRandom(_ bytes: ArraySlice<UInt8>) -> Bool {
        Set(bytes).count >= 48 && bytes.contains { $0 > 127 }
    }

    private static func isOther(_ bytes: [UInt8]) -> Bool {
        if others.contains(where: { bytes.starts(with: $0) }) { return true }
        // A TLS record: handshake, version 3.0 to 3.4, length below 16 KiB, and a client hello in it (RFC 8446, 5.1).
        guard bytes.count >= 6, bytes.starts(with: tlsRecord) else { return false }
        return bytes[2] <= 4 && bytes[3] < 0x40 && bytes[5] == 1
    }
}

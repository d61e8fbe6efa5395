import Cryptography
import PeerWire

/// One end of the handshake of Message Stream Encryption: bytes in, steps out, without socket and clock.
///
/// The one who begins (A) and the one who is called (B) exchange
/// 1. A to B, 2. B to A: public key (96 bytes), padding (0...512 bytes)
/// 3. A to B: SHA-1(`req1`, S), SHA-1(`req2`, torrent) xor SHA-1(`req3`, S), then encrypted: eight zeros, the methods
///    offered (4), padding with its length (2), the initial payload with its length (2)
/// 4. B to A, encrypted: eight zeros, the method chosen (4), padding with its length (2)
/// and go on with the stream, encrypted or plain. S is the shared secret.
protocol EncryptionHandshake {
    /// Our first bytes; nothing from the side that is called.
    mutating func start() -> [EncryptionStep]

    /// Takes what came. The last step is `established`, `plaintext` or `failed`; after it nothing is done any more.
    mutating func receive(_ bytes: some Collection<UInt8>) -> [EncryptionStep]

    /// Overwrites all keys; the handshake is over.
    mutating func wipe()
}

/// The numbers of the handshake.
enum EncryptionFormat {
    /// The most padding in each of its places, in bytes.
    static let paddingLimit = 512
    /// The most bytes that we send with our second message. The format has room for 65,535, but libtorrent closes on
    /// more than a BitTorrent handshake.
    static let payloadLimit = PeerHandshake.byteCount
    /// The eight zeros that prove that both ends have the same keys.
    static let verification = [UInt8](repeating: 0, count: 8)

    /// Random padding of a random length.
    static func padding() -> [UInt8] { SecureRandom.bytes(.random(in: 0...paddingLimit)) }
}

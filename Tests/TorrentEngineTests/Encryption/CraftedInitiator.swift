import ByteCoding
import Cryptography
import Metainfo

@testable import TorrentEngine

/// The side that begins, by hand and by the book or against it: every field can be set wrong.
struct CraftedInitiator {
    let keys: EncryptionKeys
    let publicKey: [UInt8]
    let hash: InfoHash
    var padding: [UInt8] = []
    var verification = EncryptionFormat.verification
    var methods: CryptoMethods = [.rc4, .plaintext]
    var secondPadding: [UInt8] = []
    var announcedPadding: UInt16?
    var payload: [UInt8] = []
    var announcedPayload: UInt16?
    /// Another torrent than the one the keys are made for.
    var named: InfoHash?

    init?(_ hash: InfoHash) {
        guard let keys = EncryptionKeys() else { return nil }
        self.keys = keys
        publicKey = keys.publicKey
        self.hash = hash
    }

    var first: [UInt8] { publicKey + padding }

    /// The second message, and the ciphers for what follows: ours and theirs.
    func second(_ answer: [UInt8]) -> (bytes: [UInt8], ours: RC4, theirs: RC4)? {
        guard let secret = keys.secret(with: answer.prefix(96)) else { return nil }
        let ours = secret.initiatorCipher(for: hash)
        var sealed = verification
        sealed.append(bigEndian: methods.rawValue)
        sealed.append(bigEndian: announcedPadding ?? UInt16(clamping: secondPadding.count))
        sealed += secondPadding
        sealed.append(bigEndian: announcedPayload ?? UInt16(clamping: payload.count))
        sealed += payload
        ours.apply(to: &sealed)
        let name = secret.masked(ObfuscatedHashes.obfuscated(named ?? hash).bytes)
        return (secret.digest("req1") + name + sealed, ours, secret.responderCipher(for: hash))
    }
}

/// What a handshake came to, in the order it happened.
struct HandshakeOutcome {
    var sent: [UInt8] = []
    var established: (streams: EncryptedStreams, hash: InfoHash, rest: [UInt8])?
    var plaintext: [UInt8]?
    var failure: EncryptionFailure?
    var isOver: Bool { established != nil || plaintext != nil || failure != nil }

    mutating func note(_ steps: [EncryptionStep]) {
        for step in steps {
            switch step {
            case .send(let bytes): sent += bytes
            case .established(let streams, let hash, let rest): established = (streams, hash, rest)
            case .plaintext(let bytes): plaintext = bytes
            case .failed(let failure): self.failure = failure
            }
        }
    }

    /// The rest of the established stream and what is appended, decrypted.
    func decrypted(_ more: [UInt8] = []) -> [UInt8] {
        guard let established else { return [] }
        var bytes = established.rest + more
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        established.streams.decrypt(&raw)
        return bytes
    }

    func encrypted(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        established?.streams.encrypt(&raw)
        return bytes
    }
}

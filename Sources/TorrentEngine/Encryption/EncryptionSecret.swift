import Cryptography
import Metainfo

/// The secret both ends have come to share, and what is derived from it.
struct EncryptionSecret {
    /// Bytes of each key stream that are left out, since RC4 begins with weak ones.
    static let discarded = 1_024

    let bytes: SecretBytes

    init(bytes: SecretBytes) { self.bytes = bytes }

    /// SHA-1 of a word and the secret, 20 bytes: `req1` marks the end of the padding, `req3` hides the torrent.
    func digest(_ word: String) -> [UInt8] {
        var hasher = SHA1Hasher()
        hasher.update(Array(word.utf8))
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The cipher of the side that began the connection.
    func initiatorCipher(for hash: InfoHash) -> RC4 { cipher("keyA", hash) }

    /// The cipher of the side that was called.
    func responderCipher(for hash: InfoHash) -> RC4 { cipher("keyB", hash) }

    /// The obfuscated hash of the torrent, combined with the secret so that it differs on every connection.
    func masked(_ obfuscated: some Sequence<UInt8>) -> [UInt8] { zip(obfuscated, digest("req3")).map { $0 ^ $1 } }

    func wipe() { bytes.wipe() }

    private func cipher(_ word: String, _ hash: InfoHash) -> RC4 {
        var hasher = SHA1Hasher()
        hasher.update(Array(word.utf8))
        hasher.update(bytes)
        hasher.update(hash.bytes)
        return RC4(key: hasher.finalizeSecret(), discarding: Self.discarded)
    }
}

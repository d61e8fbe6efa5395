import Cryptography
import Metainfo

/// Finds the torrent that a peer names in an encrypted handshake, where only a hash of its info hash is sent.
struct ObfuscatedHashes: Sendable {
    private var hashes: [InfoHash: InfoHash] = [:]

    /// A torrent is there: its hash, or for v2 the first 20 bytes of it.
    mutating func insert(_ hash: InfoHash) { hashes[Self.obfuscated(hash)] = hash }

    /// A torrent is gone.
    mutating func remove(_ hash: InfoHash) { hashes[Self.obfuscated(hash)] = nil }

    /// The torrent with this obfuscated hash.
    func find(_ obfuscated: InfoHash) -> InfoHash? { hashes[obfuscated] }

    /// SHA-1 of `req2` and the info hash: what is sent in its place.
    static func obfuscated(_ hash: InfoHash) -> InfoHash {
        var hasher = SHA1Hasher()
        hasher.update(Array("req2".utf8))
        hasher.update(hash.bytes)
        // A SHA-1 digest has the 20 bytes that an info hash has, so the fallback is never taken.
        return InfoHash(bytes: hasher.finalize()) ?? hash
    }
}

import Cryptography
public import Metainfo

extension InfoHash {
    /// The v1 info hash of a bencoded `info` dictionary (BEP 3).
    public init(sha1Of infoBytes: [UInt8]) {
        // The length is the digest's own, whatever was hashed.
        guard let hash = InfoHash(bytes: Digest.sha1(infoBytes)) else { preconditionFailure("a SHA-1 has 20 bytes") }
        self = hash
    }
}

extension InfoHashV2 {
    /// The v2 info hash of a bencoded `info` dictionary (BEP 52).
    public init(sha256Of infoBytes: [UInt8]) {
        // The length is the digest's own, whatever was hashed.
        guard let hash = InfoHashV2(bytes: Digest.sha256(infoBytes)) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        self = hash
    }
}

extension Torrent {
    /// The SHA-1 of `infoBytes`, hashed at each call; nil in a torrent of version 2 alone.
    public var infoHashV1: InfoHash? { info.hasV1 ? InfoHash(sha1Of: infoBytes) : nil }

    /// The SHA-256 of `infoBytes`, hashed at each call; nil in a torrent of version 1 alone.
    public var infoHashV2: InfoHashV2? { info.hasV2 ? InfoHashV2(sha256Of: infoBytes) : nil }

    /// The hash of handshakes and announces: of version 1 where there is one.
    public var wireHash: InfoHash {
        info.hasV1 ? InfoHash(sha1Of: infoBytes) : InfoHashV2(sha256Of: infoBytes).truncated
    }
}

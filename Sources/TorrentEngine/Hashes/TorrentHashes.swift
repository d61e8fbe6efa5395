import Cryptography
public import Metainfo

/// The hashes that name a torrent, computed from its `info` bytes.
public struct TorrentHashes: Hashable, Sendable {
    /// The SHA-1 of the `info` bytes; nil in a torrent of version 2 alone.
    public let version1: InfoHash?
    /// The SHA-256 of the `info` bytes; nil in a torrent of version 1 alone.
    public let version2: InfoHashV2?
    /// The hash of handshakes and announces: of version 1 where there is one.
    public let wire: InfoHash

    /// Hashes `info` bytes; which hashes count is for `info` to say. Nil when it has neither version.
    public init?(infoBytes: [UInt8], info: TorrentInfo) {
        version1 = info.hasV1 ? InfoHash(bytes: Digest.sha1(infoBytes)) : nil
        version2 = info.hasV2 ? InfoHashV2(bytes: Digest.sha256(infoBytes)) : nil
        guard let wire = version1 ?? version2?.truncated else { return nil }
        self.wire = wire
    }

    /// The other hash under which a hybrid is announced and found.
    public var alias: InfoHash? { version1 == nil ? nil : version2?.truncated }
}

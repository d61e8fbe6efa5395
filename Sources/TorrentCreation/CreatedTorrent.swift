import Cryptography
public import Metainfo

/// A torrent's `info` dictionary as it was made, to be stored byte for byte.
public struct CreatedTorrent: Equatable, Sendable {
    /// The bencoded `info` dictionary; announce URLs, web seeds and dates are put around it when it is handed out.
    public let infoBytes: [UInt8]
    /// The SHA-1 of `infoBytes`.
    public let infoHash: InfoHash
    /// What the pieces were hashed to.
    public let hashes: PieceHashes

    init(infoBytes: [UInt8], hashes: PieceHashes) {
        self.infoBytes = infoBytes
        self.infoHash = InfoHash(sha1Of: infoBytes)
        self.hashes = hashes
    }
}

/// A v1 torrent (BEP 3) of one file.
///
/// - Parameters:
///   - name: the file's name for good; the info hash depends on it (`SafeName.fileName` makes a fit one).
///   - hashes: of the file's bytes.
///   - isPrivate: whether clients may learn peers from trackers only (BEP 27).
public func singleFileTorrent(name: String, hashes: PieceHashes, isPrivate: Bool = false) -> CreatedTorrent {
    let infoBytes = InfoDictionary.singleFileV1(
        name: name, length: hashes.totalLength, pieceLength: hashes.pieceLength, pieces: hashes.sha1Pieces,
        isPrivate: isPrivate)
    return CreatedTorrent(infoBytes: infoBytes, hashes: hashes)
}

extension InfoHash {
    /// The v1 info hash of a bencoded `info` dictionary (BEP 3).
    public init(sha1Of infoBytes: [UInt8]) {
        // The length is the digest's own, whatever was hashed.
        guard let hash = InfoHash(bytes: Digest.sha1(infoBytes)) else { preconditionFailure("a SHA-1 has 20 bytes") }
        self = hash
    }
}

import Cryptography
public import Metainfo

/// A torrent's `info` dictionary as it was made, to be stored byte for byte.
public struct CreatedTorrent: Equatable, Sendable {
    /// The bencoded `info` dictionary; announce URLs, web seeds and dates are put around it when it is handed out.
    public let infoBytes: [UInt8]
    /// Which versions of BitTorrent can use it.
    public let format: TorrentFormat
    /// The hash of handshakes and announces: the SHA-1 of `infoBytes`, or for version 2 alone the first 20 bytes of
    /// their SHA-256.
    public let infoHash: InfoHash
    /// The SHA-256 of `infoBytes` (BEP 52); nil in version 1.
    public let infoHashV2: InfoHashV2?
    /// What the pieces were hashed to.
    public let hashes: PieceHashes
    /// The hashes of the pieces of each file that is longer than one, by the file's root: what the .torrent file holds
    /// beside `info` (BEP 52). Empty in version 1.
    public let pieceLayers: [[UInt8]: [UInt8]]

    init(infoBytes: [UInt8], format: TorrentFormat, hashes: PieceHashes, pieceLayers: [[UInt8]: [UInt8]]) {
        self.infoBytes = infoBytes
        self.format = format
        let infoHashV2 = format.hasV2 ? InfoHashV2(sha256Of: infoBytes) : nil
        infoHash = format.hasV1 ? InfoHash(sha1Of: infoBytes) : infoHashV2?.truncated ?? InfoHash(sha1Of: infoBytes)
        self.infoHashV2 = infoHashV2
        self.hashes = hashes
        self.pieceLayers = format.hasV2 ? pieceLayers : [:]
    }
}

/// A torrent of one file.
///
/// - Parameters:
///   - name: the file's name for good; the info hash depends on it (`SafeName.fileName` makes a fit one).
///   - hashes: of the file's bytes, with what the format needs of SHA-1 and the tree.
///   - format: which versions of BitTorrent can use it (BEP 3, BEP 52).
///   - isPrivate: whether clients may learn peers from trackers only (BEP 27).
public func singleFileTorrent(
    name: String, hashes: PieceHashes, format: TorrentFormat = .v1, isPrivate: Bool = false
) -> CreatedTorrent {
    let file = TorrentFile(path: [name], length: hashes.totalLength, offset: 0, piecesRoot: hashes.piecesRoot)
    let infoBytes = InfoDictionary.singleFile(
        format: format, file: file, pieceLength: hashes.pieceLength, pieces: hashes.sha1Pieces, isPrivate: isPrivate)
    let layers =
        hashes.totalLength > Int64(hashes.pieceLength) ? [hashes.piecesRoot: hashes.sha256PieceLayer] : [:]
    return CreatedTorrent(infoBytes: infoBytes, format: format, hashes: hashes, pieceLayers: layers)
}

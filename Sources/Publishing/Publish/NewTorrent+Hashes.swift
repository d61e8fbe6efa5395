import Catalog
import Metainfo
import Store
import TorrentCreation

extension NewTorrent {
    /// The torrent of one file (BEP 3, BEP 52).
    init(name: String, hashes: PieceHashes, format: TorrentFormat) {
        let torrent = singleFileTorrent(name: name, hashes: hashes, format: format)
        self.init(infoHash: torrent.infoHash, infoHashV2: torrent.infoHashV2, infoBytes: torrent.infoBytes)
    }
}

extension ContentHashes {
    /// The hashes as the catalogue keeps them.
    init(_ hashes: PieceHashes) {
        self.init(
            totalLength: hashes.totalLength, pieceLength: hashes.pieceLength, sha1Pieces: hashes.sha1Pieces,
            sha256PieceLayer: hashes.sha256PieceLayer, piecesRoot: hashes.piecesRoot)
    }
}

extension PieceHashes {
    /// What names these bytes in the cache and in answers: the first 20 bytes of the tree's root as 40 hex digits.
    var etag: String {
        let digits = [UInt8]("0123456789abcdef".utf8)
        let hex = piecesRoot.prefix(20).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: hex, as: UTF8.self)
    }

    /// Hashes from the catalogue.
    init(_ hashes: ContentHashes) {
        self.init(
            totalLength: hashes.totalLength, pieceLength: hashes.pieceLength, sha1Pieces: hashes.sha1Pieces,
            sha256PieceLayer: hashes.sha256PieceLayer, piecesRoot: hashes.piecesRoot)
    }
}

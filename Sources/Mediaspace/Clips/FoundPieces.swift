import Metainfo
import TorrentEngine

/// Pieces of a film in files of the directory that the space does not keep itself: a film that was got or copied there
/// before. They are read and never written, and only what has the right hash counts.
actor FoundPieces {
    /// Longer pieces are not looked for: one at a time is in memory.
    private static let longestPiece = 64 << 20
    private static let mostKept = 4

    private let info: TorrentInfo
    private let check: PieceCheck
    /// The one that had the last piece first.
    private var files: [FoundFile]
    private var good: Set<Int> = []
    private var bad: Set<Int> = []
    /// The last ones that were read, the newest last.
    private var kept: [(piece: Int, bytes: [UInt8])] = []

    /// Nil when no file below the folder may be the film.
    ///
    /// - Parameter known: where the space itself keeps the film.
    init?(of film: ChosenFilm, in torrent: Torrent, below folder: String, besides known: String?) {
        guard film.info.pieceLength <= Self.longestPiece else { return nil }
        files = FilmSearch(film: film).files(below: folder, besides: known)
        guard !files.isEmpty else { return nil }
        info = film.info
        check = PieceCheck(torrent)
    }

    /// Whether a piece is there.
    func has(_ piece: Int) -> Bool {
        if good.contains(piece) { return true }
        return !bad.contains(piece) && read(piece) != nil
    }

    /// All the bytes of a piece as they are at this moment, padding as zeros; nil where it is not there.
    func bytes(of piece: Int) -> [UInt8]? {
        if let last = kept.last(where: { $0.piece == piece }) { return last.bytes }
        guard !bad.contains(piece), let bytes = read(piece) else { return nil }
        let count = info.pieceLength > 4 << 20 ? 1 : Self.mostKept
        kept = Array(kept.suffix(count - 1)) + [(piece, bytes)]
        return bytes
    }

    /// Those of some bytes of the torrent whose pieces are not there.
    func missing(_ spans: [ByteSpan]) -> [ByteSpan] {
        let length = Int64(info.pieceLength)
        var missing: [ByteSpan] = []
        for span in spans where span.end > span.start {
            for piece in Int(span.start / length)...Int((span.end - 1) / length) where Task.isCancelled || !has(piece) {
                let start = Int64(piece) * length
                missing.append(ByteSpan(max(start, span.start)..<min(start + length, span.end)))
            }
        }
        return ByteSpan.joined(missing)
    }

    private func read(_ piece: Int) -> [UInt8]? {
        if let index = UInt32(exactly: piece).map(PieceIndex.init(_:)), let offset = info.layout.offset(of: index),
            let length = info.layout.length(of: index)
        {
            for (number, file) in files.enumerated() {
                guard let bytes = file.bytes(offset..<offset + Int64(length)), check.holds(bytes, as: index) else {
                    continue
                }
                if number > 0 { files.insert(files.remove(at: number), at: 0) }
                good.insert(piece)
                return bytes
            }
        }
        good.remove(piece)
        bad.insert(piece)
        return nil
    }
}

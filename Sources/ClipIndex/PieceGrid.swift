/// How a torrent's pieces lie over one of its files.
public struct PieceGrid: Sendable, Hashable {
    /// Bytes of a piece.
    public let pieceLength: UInt64
    /// Bytes from the torrent's first to its last, padding included.
    public let torrentLength: UInt64
    /// Where the file begins in the torrent.
    public let fileOffset: UInt64
    /// Bytes of the file.
    public let fileLength: UInt64

    /// A grid from its parts, in bytes. Nil when pieces have no length or the file does not lie in the torrent.
    public init?(pieceLength: UInt64, torrentLength: UInt64, fileOffset: UInt64, fileLength: UInt64) {
        let (end, overflow) = fileOffset.addingReportingOverflow(fileLength)
        guard pieceLength > 0, !overflow, end <= torrentLength, torrentLength <= UInt64(Int64.max) else { return nil }
        self.pieceLength = pieceLength
        self.torrentLength = torrentLength
        self.fileOffset = fileOffset
        self.fileLength = fileLength
    }

    /// The numbers of the pieces that hold a range of the file; nil when none of it lies in the file.
    func pieces(of range: Range<UInt64>) -> ClosedRange<Int>? {
        let inside = range.clamped(to: 0..<fileLength)
        guard !inside.isEmpty else { return nil }
        let first = (fileOffset + inside.lowerBound) / pieceLength
        let last = (fileOffset + inside.upperBound - 1) / pieceLength
        return Int(first)...Int(last)
    }

    /// How many bytes a run of pieces has; the torrent's last piece may be shorter.
    func byteCount(of run: ClosedRange<Int>) -> UInt64 {
        let (end, overflow) = (UInt64(run.upperBound) + 1).multipliedReportingOverflow(by: pieceLength)
        return (overflow ? torrentLength : min(end, torrentLength)) - UInt64(run.lowerBound) * pieceLength
    }
}

/// One worker's buffer and digests, handed from one run to the next so that memory stays bounded and warm.
///
/// One thread has it at a time: it is either in a run or in the hasher's stack of idle ones.
final class PieceWorker: @unchecked Sendable {
    /// Fits into a core's second-level cache, so that each byte is fetched from memory once for both digests.
    private static let readLength = 256 << 10

    private let scheme: PieceScheme
    private var digester: PieceDigester
    private var buffer: [UInt8]
    private(set) var sha1: [UInt8] = []
    private(set) var root: [UInt8] = []

    init(scheme: PieceScheme) {
        self.scheme = scheme
        digester = PieceDigester(scheme: scheme)
        buffer = [UInt8](repeating: 0, count: min(Self.readLength, scheme.pieceLength))
    }

    /// Reads and hashes one piece; the results are in `sha1` and `root`.
    func hash(_ source: any ByteSource, _ work: HashingState.Work) throws(TorrentCreationError) {
        var done = 0
        while done < work.length {
            let count = min(buffer.count, work.length - done)
            try read(source, at: work.offset + Int64(done), count: count)
            digester.update(unsafe buffer.span.bytes.extracting(0..<count))
            done += count
        }
        pad(work.padding)
        sha1.removeAll(keepingCapacity: true)
        root.removeAll(keepingCapacity: true)
        let width = scheme.treeWidth(length: work.length, isOnlyPiece: work.isOnlyPiece)
        digester.finish(treeWidth: width, sha1Pieces: &sha1, pieceLayer: &root)
    }

    private func pad(_ length: Int) {
        guard length > 0 else { return }
        for index in 0..<min(length, buffer.count) { buffer[index] = 0 }
        var done = 0
        while done < length {
            let count = min(buffer.count, length - done)
            digester.updatePadding(unsafe buffer.span.bytes.extracting(0..<count))
            done += count
        }
    }

    private func read(
        _ source: any ByteSource, at offset: Int64, count: Int
    ) throws(TorrentCreationError) {
        let outcome = unsafe buffer.withUnsafeMutableBytes { bytes in
            Result { () throws(TorrentCreationError) in
                try unsafe source.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
            }
        }
        try outcome.get()
    }
}

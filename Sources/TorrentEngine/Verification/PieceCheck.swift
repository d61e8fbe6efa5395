import Cryptography
public import Metainfo

/// Tells whether bytes from elsewhere are a piece of a torrent, by the same hashes as those of peers.
public struct PieceCheck: Sendable {
    private let truth: PieceTruth

    /// By the hashes that come with a torrent.
    public init(_ torrent: Torrent) {
        truth = PieceTruth(info: torrent.info, pieceLayers: torrent.pieceLayers)
    }

    /// Whether these are all the bytes of a piece, padding as zeros; false where no hash of it is known.
    public func holds(_ bytes: [UInt8], as piece: PieceIndex) -> Bool {
        guard let expected = truth.expectation(of: piece), expected.length == bytes.count else { return false }
        var hasher = PieceHasher(expected)
        unsafe bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: MerkleTree.blockLength) {
                let end = min(bytes.count, start + MerkleTree.blockLength)
                unsafe hasher.add(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            }
        }
        return hasher.verdict() == .good
    }
}

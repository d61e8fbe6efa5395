import ByteCoding
import Cryptography
import Foundation
import Testing
import TorrentCreation

@Suite struct HasherTests {
    private static let pieceLength = 65_536
    static let lengths = [0, 1, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 200_000, 262_144, 300_001]

    /// The hashes written as their definitions, over the whole file in memory.
    private func reference(_ bytes: [UInt8], pieceLength: Int) -> PieceHashes {
        func parts(_ length: Int) -> [[UInt8]] {
            stride(from: 0, to: bytes.count, by: length).map { Array(bytes[$0..<min($0 + length, bytes.count)]) }
        }
        let leaves = parts(16_384).flatMap { Digest.sha256($0) }
        let root = leaves.isEmpty ? [] : MerkleTree.root(ofLeaves: leaves)
        let layer = MerkleTree.pieceLayer(ofLeaves: leaves, leavesPerPiece: pieceLength / 16_384)
        return PieceHashes(
            totalLength: Int64(bytes.count), pieceLength: pieceLength,
            sha1Pieces: parts(pieceLength).flatMap { Digest.sha1($0) },
            sha256PieceLayer: bytes.count <= pieceLength ? root : layer, piecesRoot: root)
    }

    @Test(arguments: lengths) func streamInUnevenParts(_ length: Int) throws {
        let bytes = pattern(length)
        var hasher = try StreamHasher(pieceLength: Self.pieceLength)
        var start = 0
        var step = 1
        while start < length {
            hasher.update(Array(bytes[start..<min(start + step, length)]))
            start += step
            step = step * 3 % 70_001 + 1
        }
        #expect(hasher.finish() == reference(bytes, pieceLength: Self.pieceLength))
    }

    @Test(arguments: lengths, [1, 3]) func workersWhileTheFileGrows(length: Int, workers: Int) async throws {
        let folder = try TemporaryFolder()
        let bytes = pattern(length)
        let path = try folder.write([], "spool")
        let spool = try #require(FileHandle(forUpdatingAtPath: path))
        let hasher = try ParallelHasher(
            descriptor: spool.fileDescriptor, pieceLength: Self.pieceLength, workers: workers)
        for start in stride(from: 0, to: length, by: 50_000) {
            let end = min(start + 50_000, length)
            try spool.write(contentsOf: Data(bytes[start..<end]))
            hasher.advance(to: Int64(end))
        }
        // The hasher keeps a descriptor of its own.
        try spool.close()
        let hashes = try await hasher.finish(totalLength: Int64(length))
        #expect(hashes == reference(bytes, pieceLength: Self.pieceLength))
    }

    @Test func afterTheFactWhenTheSizeWasUnknown() async throws {
        let folder = try TemporaryFolder()
        let bytes = pattern(1_000_000)
        let file = try #require(FileHandle(forReadingAtPath: try folder.write(bytes, "spool")))
        let hasher = try ParallelHasher(descriptor: file.fileDescriptor, pieceLength: 262_144)
        #expect(try await hasher.finish(totalLength: 1_000_000) == reference(bytes, pieceLength: 262_144))
        try file.close()
    }

    /// The root that libtorrent 2.1 computes for the same 100,000 bytes.
    @Test(arguments: [16_384, 32_768, 131_072]) func agreesWithLibtorrent(_ pieceLength: Int) throws {
        var hasher = try StreamHasher(pieceLength: pieceLength)
        hasher.update(pattern(100_000))
        let root = "a61f2da045dde32ea6426a18b0d05e483d7686473b1dacbd9cc24e56caa4770d"
        #expect(Hex.encode(hasher.finish().piecesRoot) == root)
    }

    @Test func sha1Alone() throws {
        var hasher = try StreamHasher(pieceLength: 16_384, hashing: .sha1)
        hasher.update(pattern(20_000))
        let hashes = hasher.finish()
        #expect(hashes.sha1Pieces.count == 40)
        #expect(hashes.pieceCount == 2)
        #expect(hashes.sha256PieceLayer.isEmpty && hashes.piecesRoot.isEmpty)
    }

    @Test(arguments: [0, -1, 1, 16_383, 8192, 24_576, 128 << 20, Int.max, Int.min])
    func refusesOtherPieceLengths(_ length: Int) {
        #expect(throws: TorrentCreationError.badPieceLength(length)) {
            try ParallelHasher(descriptor: 0, pieceLength: length)
        }
    }

    @Test func aFileThatIsTooShortIsAnError() async throws {
        let folder = try TemporaryFolder()
        let file = try #require(FileHandle(forReadingAtPath: try folder.write(pattern(70_000), "spool")))
        let hasher = try ParallelHasher(descriptor: file.fileDescriptor, pieceLength: 65_536)
        await #expect(throws: TorrentCreationError.truncated(path: nil)) {
            try await hasher.finish(totalLength: 500_000)
        }
    }

    @Test func countsMustAgree() async throws {
        let folder = try TemporaryFolder()
        let file = try #require(FileHandle(forReadingAtPath: try folder.write(pattern(70_000), "spool")))
        let hasher = try ParallelHasher(descriptor: file.fileDescriptor, pieceLength: 65_536)
        hasher.advance(to: 70_000)
        await #expect(throws: TorrentCreationError.misused) { try await hasher.finish(totalLength: 60_000) }
        _ = try await hasher.finish(totalLength: 70_000)
        await #expect(throws: TorrentCreationError.misused) { try await hasher.finish(totalLength: 70_000) }
    }

    @Test func canBeGivenUp() async throws {
        let folder = try TemporaryFolder()
        let file = try #require(FileHandle(forReadingAtPath: try folder.write(pattern(70_000), "spool")))
        let hasher = try ParallelHasher(descriptor: file.fileDescriptor, pieceLength: 65_536)
        hasher.cancel()
        await #expect(throws: TorrentCreationError.cancelled) { try await hasher.finish(totalLength: 70_000) }
    }

    @Test func badDescriptors() {
        #expect(throws: TorrentCreationError.unreadable(path: nil, code: EBADF)) {
            try ParallelHasher(descriptor: -1, pieceLength: 65_536)
        }
    }
}

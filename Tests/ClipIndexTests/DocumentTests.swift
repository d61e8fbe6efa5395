import ByteCoding
import ClipIndex
import Foundation
import Testing

/// The description of the format for others says what this program reads and writes.
@Suite struct DocumentTests {
    /// The bytes of the example: of each line the pairs of digits before the words.
    static func example() throws -> [UInt8] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/clip-index.md")
        let text = try String(contentsOf: file.standardizedFileURL, encoding: .utf8)
        let block = try #require(text.components(separatedBy: "```hex\n").last?.components(separatedBy: "```").first)
        return block.split(separator: "\n")
            .flatMap { line in
                line.split(separator: " ").prefix { $0.utf8.count == 2 && Hex.decode(String($0)) != nil }
                    .flatMap { Hex.decode(String($0)) ?? [] }
            }
    }

    static func bucket(_ time: Int64, _ low: UInt64, _ high: UInt64, key: Bool = false) -> Bucket {
        Bucket(time: time, low: low, high: high, isKey: key)
    }

    @Test func theExampleIsWhatItSays() throws {
        let index = FilmIndex(
            streams: [
                StreamIndex(
                    kind: .video,
                    buckets: [
                        Self.bucket(0, 40, 0, key: true), Self.bucket(1_000_000, 2440, 2040),
                        Self.bucket(2_000_000, 4040, 3800, key: true), Self.bucket(3_000_000, 6900, 6500),
                        Self.bucket(4_000_000, 8600, 8600),
                    ]),
                StreamIndex(
                    kind: .audio,
                    buckets: [
                        Self.bucket(0, 2040, 0), Self.bucket(1_002_667, 3800, 2440),
                        Self.bucket(2_005_333, 6500, 4040), Self.bucket(3_008_000, 8600, 6900),
                        Self.bucket(4_010_667, 9000, 9000),
                    ]),
            ], headerRanges: [0..<40, 9000..<9800], duration: 4_010_667, origin: 0, access: .tables)
        #expect(try FilmIndex(decoding: Self.example()) == index)
        #expect(index.encoded() == (try Self.example()))
    }

    @Test func theExamplesClipIsWhatItSays() throws {
        let index = try FilmIndex(decoding: Self.example())
        let plan = try index.plan(try #require(ClipInterval(start: 2.5, end: 3.5)))
        #expect(plan.actualStart == 2_000_000 && plan.mediaRanges == [3800..<9000])
        #expect(plan.ranges == [0..<40, 3800..<9800])
        let grid = try #require(PieceGrid(pieceLength: 1024, torrentLength: 9800, fileOffset: 0, fileLength: 9800))
        #expect(plan.pieces(grid).runs == [0...0, 3...9])
    }
}

import ClipIndex
import Foundation
import Metainfo
import Testing

@testable import ReelswarmApp

@Suite struct ClipMapCommandTests {
    @Test(arguments: [("62", "62"), ("100", "62"), ("x", "62"), ("1", "y"), ("1", "1.0001"), ("-1", "2")])
    func whatIsNoIntervalIsWrongUsage(start: String, end: String) {
        let failure = #expect(throws: CommandFailure.self) { try ClipSpan.interval(start: start, end: end) }
        #expect(failure?.status == 2)
    }

    @Test func theMapNamesBytesAndPieces() throws {
        let bucket = Bucket(time: 0, low: 100, high: 0, isKey: true)
        let index = FilmIndex(
            streams: [
                StreamIndex(
                    kind: .video,
                    buckets: [
                        bucket, Bucket(time: 5_000_000, low: 600, high: 500, isKey: true),
                        Bucket(time: 9_000_000, low: 950, high: 950, isKey: false),
                    ])
            ], headerRanges: [0..<40], duration: 9_000_000)
        let plan = try index.plan(try #require(ClipInterval(start: 6, end: 8)))
        let grid = PieceGrid(pieceLength: 300, torrentLength: 1000, fileOffset: 0, fileLength: 1000)
        let map = ClipMap(plan, of: "a.mp4", index, length: 1000, grid: grid)
        let object = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(map)) as? [String: Any])
        #expect(object["start"] as? Double == 6 && object["actual_start"] as? Double == 5)
        #expect(
            object["header_ranges"] as? [[Int]] == [[0, 39]] && object["media_ranges"] as? [[Int]] == [[600, 949]])
        #expect(object["ranges"] as? [[Int]] == [[0, 39], [600, 949]] && object["bytes"] as? Int == 390)
        #expect(object["film_bytes"] as? Int == 1000 && object["percent"] as? Double == 39)
        let pieces = try #require(object["pieces"] as? [String: Any])
        #expect(pieces["runs"] as? [[Int]] == [[0, 0], [2, 3]] && pieces["count"] as? Int == 3)
        #expect(pieces["bytes"] as? Int == 700 && pieces["piece_length"] as? Int == 300)
        #expect(map.lines.contains { $0.name == "media bytes" && $0.value == "600-949" })
        let alone = String(
            decoding: try JSONEncoder().encode(ClipMap(plan, of: "a.mp4", index, length: 1000, grid: nil)),
            as: UTF8.self)
        #expect(alone.contains("\"pieces\":null"))
    }

    @Test func inspectSaysWhatAnIndexHolds() throws {
        let info = InfoDictionary.singleFileV1(
            name: "film.mp4", length: 4000, pieceLength: 16_384, pieces: [UInt8](repeating: 1, count: 20))
        let table = StreamIndex(
            kind: .audio,
            buckets: [
                Bucket(time: 0, low: 100, high: 0, isKey: false), Bucket(time: 5, low: 200, high: 200, isKey: false),
            ])
        let index = FilmIndex(streams: [table], headerRanges: [0..<40], duration: 62_400_000).encoded()
        let report = TorrentReport(torrent: try Torrent(infoBytes: info, clipIndexes: [0: index]))
        #expect(report.files.first?.clipIndex?.duration == 62.4)
        #expect(report.lines.contains { $0.value == "62.400 s, 2 buckets in 1 stream, \(index.count) B" })
        let broken = TorrentReport(torrent: try Torrent(infoBytes: info, clipIndexes: [0: [1, 2, 3]]))
        #expect(broken.files.first?.clipIndex?.isUsable == false)
        #expect(broken.lines.contains { $0.value == "not usable, 3 B" })
    }

    /// `create` writes the index, `inspect` shows it, and `clip-map` says the same of the torrent as of the film.
    @Test func theIndexTravelsWithTheTorrent() throws {
        let folder = URL(filePath: "/tmp/reelswarm-map-\(UUID().uuidString.prefix(8))")
        let films = folder.appending(path: "films")
        try FileManager.default.createDirectory(at: films, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let film = films.appending(path: "one.mp4").path()
        let other = films.appending(path: "two.mkv").path()
        let picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=12"]
        let encoding = ["-c:v", "libx264", "-g", "50", "-pix_fmt", "yuv420p"]
        try #require(ProgramRun.named("ffmpeg", ["-v", "error"] + picture + encoding + [film]).status == 0)
        try #require(ProgramRun.named("ffmpeg", ["-v", "error", "-i", film, "-c", "copy", other]).status == 0)
        try "words".write(toFile: films.appending(path: "read.txt").path(), atomically: true, encoding: .utf8)
        let torrent = folder.appending(path: "films.torrent").path()
        let plain = folder.appending(path: "plain.torrent").path()

        let made = try Self.object(["create", films.path(), "-o", torrent, "--piece-length", "16384", "--json"])
        let files = try #require(made["files"] as? [[String: Any]])
        #expect(files.map { $0["clip_index"] != nil } == [true, false, true])
        let bare = try Self.object(
            ["create", films.path(), "-o", plain, "--piece-length", "16384", "--no-clip-index", "--json"])
        #expect(made["infohash_v1"] as? String == bare["infohash_v1"] as? String)
        let seen = try Self.object(["inspect", torrent, "--json"])
        #expect((seen["files"] as? [[String: Any]])?.map { $0["clip_index"] != nil } == [true, false, true])

        for (name, path) in [("one.mp4", film), ("two.mkv", other)] {
            let times = ["--start", "5", "--end", "0:08", "--json"]
            let remote = try Self.object(["clip-map", torrent, "--file", name] + times)
            let local = try Self.object(["clip-map", path] + times)
            #expect(remote["ranges"] as? [[Int]] == local["ranges"] as? [[Int]])
            #expect(remote["actual_start"] as? Double == 4 && local["pieces"] is NSNull)
            #expect((remote["pieces"] as? [String: Any])?["count"] as? Int ?? 0 > 1)
        }
        let none = try ProgramRun.reelswarm(["clip-map", plain, "--start", "1", "--end", "2"])
        #expect(none.status == 1 && none.output.contains("has no clip index of"))
        let late = try ProgramRun.reelswarm(["clip-map", film, "--start", "100", "--end", "120"])
        #expect(late.status == 1 && late.output.contains("is only 0:12 long"))
    }

    private static func object(_ arguments: [String]) throws -> [String: Any] {
        let (status, output) = try ProgramRun.reelswarm(arguments)
        try #require(status == 0, "\(arguments): \(output)")
        return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }
}

import Foundation
import Media
import Testing

@testable import Mediaspace

/// Cutting what a space holds. The media worker stands where the tests are built.
@Suite(.timeLimit(.minutes(1))) struct SpaceCutTests {
    private static let worker = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "reelswarm-media-worker").path()
    private static let hasWorker = FileManager.default.isExecutableFile(atPath: worker)

    private func film(_ path: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=4"]
            + ["-c:v", "libx264", "-pix_fmt", "yuv420p", path]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    @Test(.enabled(if: hasWorker, "reelswarm-media-worker is not built")) func aClipIsCutAndPut() async throws {
        let folder = try TemporaryFolder()
        try film("\(folder.path)/film.mp4")
        let space = try await Space.fake(folder, FakeNetwork())
        let id = try await space.put("\(folder.path)/film.mp4")
        try await space.reaches(id, .seeding)
        let facts = try await space.cut(id, start: 1, end: 2.5, to: "\(folder.path)/clip.mp4")
        #expect(facts.beginsAsAsked && abs(facts.duration - 1.5) < 0.2 && facts.bytes > 0)
        let clip = try await space.put("\(folder.path)/clip.mp4")
        #expect(clip != id && space.contains(clip))
        // By its path, and by its name in the torrent.
        try await space.cut(path: "film.mp4", start: 0, end: 1, to: "\(folder.path)/second.mkv")
        try await space.cut(id, file: "film.mp4", start: 0, end: 1, to: "\(folder.path)/third.mkv")
        #expect(folder.read("second.mkv") == folder.read("third.mkv"))
        let occupied = await #expect(throws: SpaceError.self) {
            try await space.cut(id, start: 0, end: 1, to: "\(folder.path)/clip.mp4")
        }
        #expect(occupied?.code == .occupied)
        let late = await #expect(throws: SpaceError.self) {
            try await space.cut(id, start: 60, end: 61, to: "\(folder.path)/late.mp4")
        }
        #expect(late?.code == .notCuttable && !folder.exists("late.mp4"))
        await space.close()
    }

    @Test func aFilmThatIsNotWholeIsNotCut() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let id = try await space.get(film.torrent, GetOptions(part: .bytes(0..<20_000)))
        try await space.completion(of: id)
        let byID = await #expect(throws: SpaceError.self) {
            try await space.cut(id, start: 0, end: 1, to: "\(folder.path)/clip.mp4")
        }
        let byPath = await #expect(throws: SpaceError.self) {
            try await space.cut(path: "film.mp4", start: 0, end: 1, to: "\(folder.path)/clip.mp4")
        }
        #expect(byID?.message.contains("is not whole yet") == true && byPath == byID)
        let none = try #require(MediaID(String(repeating: "a", count: 40)))
        await #expect(throws: SpaceError.unknown(none)) {
            try await space.cut(none, start: 0, end: 1, to: "\(folder.path)/clip.mp4")
        }
        #expect(!folder.exists("clip.mp4"))
        await space.close()
    }
}

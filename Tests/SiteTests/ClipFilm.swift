import Catalog
import Foundation
import HTTPTypes
import Logging
import Publishing
import Testing

@testable import Site

extension TestFilm {
    /// Ten seconds of picture and sound as MP4, with a key frame every two seconds.
    static let tenSeconds: [UInt8] = {
        let output = FileManager.default.temporaryDirectory.appending(path: "film-\(UUID().uuidString).mp4")
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=10:duration=10", "-f",
            "lavfi", "-i", "sine=frequency=440:duration=10", "-c:v", "mpeg4", "-g", "20", "-sc_threshold", "1000000000",
            "-c:a", "aac", "-threads", "1", "-bitexact", "-movflags", "+faststart", "-y", output.path(),
        ]
        do {
            try process.run()
            process.waitUntilExit()
            return [UInt8](try Data(contentsOf: output))
        } catch { return [] }
    }()
}

extension SiteUnderTest {
    /// A film that can be clipped, through the real way in; its index and its storyboard are made.
    @discardableResult func film(_ title: String, by owner: String = "publisher", fileName: String = "film.mp4")
        async throws -> Video
    {
        var publisher = try await browser(as: owner)
        let answer = try await publisher.multipart(
            "/upload",
            [
                .init("csrf", publisher.csrf), .init("title", title),
                .init("file", file: TestFilm.tenSeconds, named: fileName),
            ], [.accept: "application/json"])
        let text = try #require(try answer.json()["slug"] as? String, "\(answer.text)")
        let slug = try #require(Slug(text))
        try await doJobs()
        return try #require(try await store.videos.video(slug: slug))
    }

    /// Stores a sheet of ten small pictures, which says of itself that it is a JPEG.
    func setStoryboard(of video: Video) async throws {
        let sheet = StoryboardSheet(
            columns: 5, rows: 2, frames: 10, tileWidth: 160, tileHeight: 120, secondsEach: 1)
        try await store.media.setStoryboard([0xFF, 0xD8, 0xFF, 1], sheet, of: video.media.id)
    }

    /// Does all background work that is due.
    func doJobs() async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        try await JobRunner(publisher: publisher, worker: worker, logger: logger).drain()
    }

    /// A clip saved by `owner`; gives its slug and number.
    @discardableResult func saveClip(
        _ title: String, of video: Video, _ start: Double = 2, _ end: Double = 5, by owner: String = "publisher",
        description: String = ""
    ) async throws -> Clip {
        let clip = try await publisher.clips.save(
            video, ClipTimes(start: start, end: end), title: try Title(title),
            description: try Description(description), by: try #require(users[owner]))
        context.recentClips.forget(video.id)
        return clip
    }
}

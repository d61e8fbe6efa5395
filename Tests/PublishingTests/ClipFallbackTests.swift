import Catalog
import ClipIndex
import Testing

@testable import Publishing

/// Clips of a film that is not in the cache and whose index is wrong: all of the film is fetched then.
@Suite struct ClipFallbackTests {
    private static let wrongIndex = FilmIndex(
        streams: [
            StreamIndex(
                kind: .video,
                buckets: [
                    Bucket(time: 0, low: 20, high: 20, isKey: true),
                    Bucket(time: 20_000_000, low: 40, high: 40, isKey: false),
                ])
        ], headerRanges: [0..<10], duration: 20_000_000)

    private func order(_ mode: ClipMode) throws -> ClipOrder {
        ClipOrder(
            times: ClipTimes(start: 7, end: 9), format: try #require(ClipFormat(ending: "mp4")), mode: mode)
    }

    @Test(arguments: ["a.mp4", "a.mkv"]) func aCutInPartsBeginsAnew(name: String) async throws {
        try await TestSite.with { site in
            let video = try await site.publish(name == "a.mp4" ? Films.long : Films.longMKV, name: name)
            try await site.runner.drain()
            guard case .file(let warm) = try await site.publisher.clips.cut(video, try order(.fast), for: "a") else {
                Issue.record("a stream")
                return
            }
            try await site.store.media.setIndex(Self.wrongIndex.encoded(), of: video.media.id)
            let cold = try site.reopened(emptyCache: true)
            let again = try await cold.publisher.clips.cut(video, try order(.fast), for: "a")
            guard case .file(let file) = again else {
                Issue.record("a stream")
                return
            }
            #expect(file.etag == warm.etag && file.actualStart == warm.actualStart)
            #expect(await cold.cache.openIfPresent(ContentReference(video.media)) != nil)
            #expect(cold.spoolFiles.isEmpty)
        }
    }

    @Test func aStreamBeginsAnewBeforeItsFirstByte() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            try await site.runner.drain()
            try await site.store.media.setIndex(Self.wrongIndex.encoded(), of: video.media.id)
            let cold = try site.reopened(emptyCache: true)
            let clip = try await cold.publisher.clips.cut(video, try order(.exact), for: "a")
            guard case .stream(let stream) = clip else {
                Issue.record("a file")
                return
            }
            #expect(stream.actualStart == 7)
            let taken = TakenBytes()
            try await stream.send { await taken.add($0.count) }
            #expect(await taken.count > 1000)
        }
    }
}

/// How many bytes were sent.
private actor TakenBytes {
    private(set) var count = 0

    func add(_ more: Int) { count += more }
}

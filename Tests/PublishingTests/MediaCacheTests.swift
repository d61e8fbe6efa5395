import Catalog
import Foundation
import Publishing
import Store
import Testing

/// The cache is disposable: whatever happens to it, films play (DESIGN 2.3).
@Suite struct MediaCacheTests {
    @Test func aDeletedFolderChangesNothing() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 3_000_000, seed: 20)
            let video = try await site.publish(film)
            let open = try await site.cache.openFile(for: video.media)
            try FileManager.default.removeItem(atPath: site.cacheFolder)
            #expect(try site.bytes(of: open) == film)

            let middle = Int64(1_400_000)..<1_900_000
            guard case .chunks(let size, let read) = await site.cache.content(of: video.media) else {
                Issue.record("a file that is not there")
                return
            }
            #expect(size == Int64(film.count))
            var got: [UInt8] = []
            try await read(middle) { got += $0 }
            #expect(got == Array(film[1_400_000..<1_900_000]))

            let rebuilt = try await site.cache.openFile(for: video.media)
            #expect(try site.bytes(of: rebuilt) == film)
            guard case .file = await site.cache.content(of: video.media) else {
                Issue.record("not in the cache after its rebuild")
                return
            }
            _ = try await site.publish(Films.mkv, name: "x.mkv")
        }
    }

    @Test(arguments: [
        0..<1, 0..<0, 262_143..<262_145, 2_999_999..<3_000_000, 2_999_999..<9_000_000, 9_000_000..<9_000_001,
    ])
    func chunksGiveAnyRange(range: Range<Int>) async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 3_000_000, seed: 21)
            let video = try await site.publish(film)
            await site.cache.remove(video.media.etag)
            guard case .chunks(_, let read) = await site.cache.content(of: video.media) else {
                Issue.record("a file that is not there")
                return
            }
            var got: [UInt8] = []
            try await read(Int64(range.lowerBound)..<Int64(range.upperBound)) { part in
                #expect(part.count <= 256 << 10)
                got += part
            }
            #expect(got == Array(film[range.clamped(to: 0..<film.count)]))
            // Joins the rebuild that the first question began.
            _ = try await site.cache.openFile(for: video.media)
        }
    }

    @Test func manyReadersCauseOneRebuild() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 3_000_000, seed: 22)
            let video = try await site.publish(film)
            await site.cache.remove(video.media.etag)
            let sizes = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<30 { group.addTask { try await site.cache.openFile(for: video.media).size } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(sizes == Array(repeating: Int64(film.count), count: 30))
            #expect(site.cacheFiles.count == 1)
            #expect(site.spoolFiles.isEmpty)
        }
    }

    @Test func aRebuildIsVerified() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.padded(to: 3_000_000, seed: 23))
            await site.cache.remove(video.media.etag)
            try await site.corruptChunk(of: video.media.id, sequence: 5)
            let error = await #expect(throws: PublishingError.self) {
                _ = try await site.cache.openFile(for: video.media)
            }
            #expect(error?.kind == .broken)
            #expect(site.cacheFiles.isEmpty)
            #expect(site.spoolFiles.isEmpty)
        }
    }

    @Test func aFileOfTheWrongLengthIsReplaced() async throws {
        try await TestSite.with { site in
            let film = Films.mp4
            let video = try await site.publish(film)
            let path = try #require(site.cacheFiles.first)
            #expect(truncate(path, 10) == 0)
            #expect(await site.cache.openIfPresent(ContentReference(video.media)) == nil)
            #expect(try site.bytes(of: await site.cache.openFile(for: video.media)) == film)
        }
    }

    @Test func theBoundHolds() async throws {
        try await TestSite.with(cacheLimit: 2_500_000) { site in
            let first = try await site.publish(Films.padded(to: 1_000_000, seed: 24))
            let second = try await site.publish(Films.padded(to: 1_000_000, seed: 25))
            _ = try await site.cache.openFile(for: first.media)
            _ = try await site.publish(Films.padded(to: 1_000_000, seed: 26))
            #expect(await site.cache.openIfPresent(ContentReference(second.media)) == nil)
            #expect(await site.cache.openIfPresent(ContentReference(first.media)) != nil)
            #expect(await site.cache.usedBytes <= 2_500_000)

            let large = Films.padded(to: 3_000_000, seed: 27)
            let video = try await site.publish(large)
            #expect(try site.bytes(of: await site.cache.openFile(for: video.media)) == large)
            #expect(site.cacheFiles.count == 1)
        }
    }

    @Test func anEmptyDataDirectoryOnTheSameDatabasePlays() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 1_200_000, seed: 28)
            let video = try await site.publish(film)
            let other = try site.reopened(emptyCache: true)
            #expect(try other.bytes(of: await other.cache.openFile(for: video.media)) == film)
        }
    }

    /// K01: what a crash left in the spool goes at boot; cache files stay.
    @Test func bootRemovesLeftovers() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.mp4)
            let leftover = site.cacheFolder + "/spool/leftover"
            #expect(FileManager.default.createFile(atPath: leftover, contents: Data([1])))
            let again = try site.reopened()
            #expect(!FileManager.default.fileExists(atPath: leftover))
            #expect(await again.cache.openIfPresent(ContentReference(video.media)) != nil)
        }
    }

    @Test func deletedContentIsNotFound() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.mp4)
            try await site.publisher.delete(video.id, by: site.owner)
            try await site.runner.drain()
            let error = await #expect(throws: PublishingError.self) {
                _ = try await site.cache.openFile(for: video.media)
            }
            #expect(error?.kind == .notFound)
        }
    }
}

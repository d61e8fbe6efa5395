import Catalog
import ClipIndex
import Cryptography
import Logging
import Metainfo
import Store
import Testing

@testable import Publishing

@Suite struct ClipPlanTests {
    @Test func aClipCostsLessThanItsFilm() async throws {
        try await TestSite.with { site in
            for (film, name) in [(Films.long, "a.mp4"), (Films.longMKV, "a.mkv")] {
                let video = try await site.publish(film, name: name)
                try await site.runner.drain()
                let cost = try await site.publisher.clips.plan(video, ClipTimes(start: 7, end: 9))
                #expect((5_900_000...6_100_000).contains(cost.plan.actualStart))
                #expect(cost.filmBytes == Int64(film.count))
                #expect(cost.plan.byteCount < UInt64(film.count / 2) && cost.plan.byteCount > 1000)
                let pieces = try #require(cost.pieces)
                #expect(pieces.count > 0 && pieces.byteCount >= cost.plan.byteCount)
                #expect(cost.pieceLength == video.torrent?.pieceLength)
            }
        }
    }

    /// L08: nothing is queued, no worker started.
    @Test func wrongTimesAreRefused() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path) { site in
            let video = try await site.publish(Films.long)
            let format = try #require(ClipFormat(ending: "mp4"))
            for times in ClipRulesTests.wrongTimes {
                let planned = await #expect(throws: PublishingError.self) {
                    _ = try await site.publisher.clips.plan(video, times)
                }
                #expect(planned?.kind == .badRange)
                #expect(planned?.message.contains("0:20") == true)
                for mode in ClipMode.allCases {
                    let cut = await #expect(throws: PublishingError.self) {
                        let order = ClipOrder(times: times, format: format, mode: mode)
                        _ = try await site.publisher.clips.cut(video, order, for: "a")
                    }
                    #expect(cut?.kind == .badRange)
                }
            }
            #expect(worker.started == 0)
        }
    }

    @Test func withoutAnIndexThereIsNoPlanYet() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.mkv, name: "a.mkv")
            let times = ClipTimes(start: 0, end: 1)
            let early = await #expect(throws: PublishingError.self) {
                _ = try await site.publisher.clips.plan(video, times)
            }
            #expect(early?.kind == .noClipIndex && early?.status == 404 && early?.retryAfter != nil)
            #expect(await site.publisher.clips.torrentIndex(of: video.media).isEmpty)
            try await site.runner.drain()
            _ = try await site.publisher.clips.plan(video, times)

            let other = try await site.publish(Films.long)
            try await site.runner.drain()
            try await site.store.media.setIndex([1, 2, 3], of: other.media.id)
            let never = await #expect(throws: PublishingError.self) {
                _ = try await site.publisher.clips.plan(other, times)
            }
            #expect(never?.kind == .noClipIndex && never?.retryAfter == nil)
        }
    }

    /// It is read and told of once in a while, not each time that somebody asks.
    @Test func anIndexThatCannotBeUsedIsRemembered() async throws {
        try await TestSite.with { site in
            let media = try await site.publish(Films.long).media
            let good = try #require(try await site.store.media.index(of: media.id))
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let patient = IndexShelf(store: site.store, bytes: 1 << 20, logger: logger)
            let eager = IndexShelf(store: site.store, bytes: 1 << 20, patience: .zero, logger: logger)
            try await site.store.media.setIndex([1, 2, 3], of: media.id)
            for shelf in [patient, eager] { #expect(try await shelf.index(of: media) == nil) }
            try await site.store.media.setIndex(good, of: media.id)
            #expect(try await patient.index(of: media) == nil)
            #expect(try await eager.index(of: media) != nil)
        }
    }

    @Test func anIndexOfAnotherFilmIsNotUsed() async throws {
        try await TestSite.with { site in
            let small = try await site.publish(Films.mp4)
            let large = try await site.publish(Films.long)
            let index = try #require(try await site.store.media.index(of: large.media.id))
            try await site.store.media.setIndex(index, of: small.media.id)
            let error = await #expect(throws: PublishingError.self) {
                _ = try await site.publisher.clips.plan(small, ClipTimes(start: 0, end: 1))
            }
            #expect(error?.kind == .noClipIndex)
        }
    }

    @Test func theIndexTravelsAndLeavesTheHashAlone() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let indexes = await site.publisher.clips.torrentIndex(of: video.media)
            let bytes = try #require(indexes[0])
            #expect(indexes.count == 1 && bytes.count <= 256 << 10)
            let stored = try #require(try await site.store.media.index(of: video.media.id))
            #expect(try FilmIndex(decoding: bytes) == FilmIndex(decoding: stored))
            #expect(await site.publisher.clips.torrentIndex(of: video.media) == indexes)

            let hash = try #require(video.torrent).infoHash
            let info = try #require(try await site.store.torrents.infoBytes(hash))
            var torrent = try Torrent(decoding: Array("d4:info".utf8) + info + Array("e".utf8))
            torrent.clipIndexes = indexes
            let again = try Torrent(decoding: torrent.encoded())
            #expect(again.clipIndexes == indexes)
            #expect(InfoHash(bytes: Digest.sha1(again.infoBytes)) == hash)
        }
    }

    @Test func aLargeIndexIsThinned() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let buckets = (0..<100_000).map { (number: Int) -> Bucket in
                let place = UInt64(number) * 2
                return Bucket(time: Int64(number) * 100, low: place, high: place, isKey: number % 10 == 0)
            }
            let index = FilmIndex(
                streams: [StreamIndex(kind: .video, buckets: buckets)], headerRanges: [0..<10], duration: 10_000_000)
            try await site.store.media.setIndex(index.encoded(), of: video.media.id)
            let bytes = try #require(await site.publisher.clips.torrentIndex(of: video.media)[0])
            #expect(bytes.count <= 256 << 10)
            #expect(
                try await site.publisher.clips.plan(video, ClipTimes(start: 1, end: 2)).plan.actualStart <= 1_000_000)
        }
    }
}

import Catalog
import Cryptography
import Foundation
import Media
import Metainfo
import Publishing
import Store
import Testing

/// From the first byte to the published film, on a real database, with the real worker.
@Suite struct PublishTests {
    @Test func aFilmIsPublishedWholeWithItsTorrent() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 5_000_001, seed: 1)
            let video = try await site.publish(film, name: "Mein Film.mp4")
            #expect(video.state == .published)
            #expect(video.media.size == Int64(film.count))
            #expect(video.media.mediaType == "video/mp4")
            #expect(video.media.fileName == "Mein Film.mp4")
            #expect(try #require(video.media.duration) > 1.5)
            #expect(try await site.storedBytes(video.media) == film)

            let torrent = try #require(video.torrent)
            let info = try #require(try await site.store.torrents.infoBytes(torrent.infoHash))
            #expect(InfoHash(bytes: Digest.sha1(info)) == torrent.infoHash)
            let decoded = try TorrentInfo(decoding: info)
            #expect(decoded.name == "Mein Film.mp4")
            #expect(decoded.pieces == TestSite.sha1Pieces(film, pieceLength: decoded.pieceLength))
            #expect(site.swarm.registered(torrent.infoHash) == .allowed(completed: 0))
            #expect(site.swarm.seeded(torrent.infoHash)?.layout.totalLength == Int64(film.count))
        }
    }

    @Test func theSpoolBecomesTheCacheFile() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 700_000, seed: 2)
            let video = try await site.publish(film)
            let file = try #require(await site.cache.openIfPresent(ContentReference(video.media)))
            #expect(try site.bytes(of: file) == film)
            #expect(site.spoolFiles.isEmpty)
            guard case .file = await site.cache.content(of: video.media) else {
                Issue.record("answered from chunks")
                return
            }
        }
    }

    @Test func theSeederGetsInfoAndContent() async throws {
        try await TestSite.with { site in
            let film = Films.mp4
            let video = try await site.publish(film)
            let hash = try #require(video.torrent).infoHash
            let torrent = try #require(site.swarm.seeded(hash))
            #expect(InfoHash(bytes: Digest.sha1(try await torrent.loadInfoBytes())) == hash)
            #expect(try site.bytes(of: try await torrent.openContent()) == film)
            await torrent.discardContent()
            #expect(await site.cache.openIfPresent(ContentReference(video.media)) == nil)
            #expect(try site.bytes(of: try await torrent.openContent()) == film)
        }
    }

    /// DESIGN 2.4: the size is the declared one; without one, or with one that a form inflates, the torrent is the
    /// same.
    @Test func theTorrentDoesNotDependOnWhatWasDeclared() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 3_000_000, seed: 3)
            let declared: [Int64?] = [Int64(film.count), nil, Int64(film.count) + 700, 600 << 20, 0]
            var hashes: Set<InfoHash> = []
            for size in declared {
                let video = try await site.publish(film, declaredSize: .some(size))
                hashes.insert(try #require(video.torrent).infoHash)
            }
            #expect(hashes.count == 1)
        }
    }

    @Test func jobsMakeThumbnailAndIndex() async throws {
        try await TestSite.with { site in
            let mp4 = try await site.publish(Films.mp4)
            let mkv = try await site.publish(Films.mkv, name: "x.mkv")
            #expect(try await site.store.media.index(of: mp4.media.id) != nil)
            #expect(try await site.store.media.index(of: mkv.media.id) == nil)
            try await site.runner.drain()
            #expect(try await site.store.media.index(of: mkv.media.id) != nil)
            for video in [mp4, mkv] {
                let jpeg = try #require(try await site.store.media.thumbnail(of: video.media.id))
                #expect(jpeg.starts(with: [0xFF, 0xD8, 0xFF]))
            }
            #expect(try await site.store.jobs.counts() == (pending: 0, failed: 0))
        }
    }

    @Test(arguments: ["ogg", "asf"]) func soundAndOldFormatsAreWelcome(format: String) async throws {
        try await TestSite.with { site in
            let bytes = format == "ogg" ? Films.ogg : Films.asf
            let video = try await site.publish(bytes, name: "upload")
            #expect(video.media.fileName.hasPrefix("upload."))
            #expect(try await site.storedBytes(video.media) == bytes)
            try await site.runner.drain()
            #expect(try await site.store.jobs.counts().failed == 0)
        }
    }

    /// HAZARDS U06: whatever the client calls it.
    @Test(arguments: [
        "<!DOCTYPE html><script>alert(1)</script>", "<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n", "PK\u{3}\u{4}zip", "\u{7F}ELF\u{2}\u{1}",
        "[Script Info]\n", "ffconcat version 1.0\nfile /etc/passwd\n", "x",
    ]) func whatIsNoFilmLeavesNothingBehind(text: String) async throws {
        try await TestSite.with { site in
            let error = await #expect(throws: PublishingError.self) {
                try await site.publish(Array(text.utf8), name: "film.mp4")
            }
            #expect(error?.kind == .notAVideo)
            try await site.expectNothingLeft()
        }
    }

    @Test func anEmptyFileIsRefused() async throws {
        try await TestSite.with { site in
            let error = await #expect(throws: PublishingError.self) { try await site.publish([]) }
            #expect(error?.kind == .empty)
            try await site.expectNothingLeft()
        }
    }

    @Test func aTruncatedFilmIsRefused() async throws {
        try await TestSite.with { site in
            await #expect(throws: PublishingError.self) { try await site.publish(Array(Films.mp4.prefix(200))) }
            try await site.expectNothingLeft()
        }
    }

    /// HAZARDS U03.
    @Test func theLimitHoldsDeclaredOrNot() async throws {
        try await TestSite.with { site in
            let limit: Int64 = 2 << 20
            let declared = await #expect(throws: PublishingError.self) {
                _ = try await site.ingest.begin(fileName: "x.mp4", declaredSize: 4 << 20, limit: limit)
            }
            #expect(declared?.kind == .tooLarge)
            for size in [nil, limit] {
                let session = try await site.ingest.begin(fileName: "x.mp4", declaredSize: size, limit: limit)
                try await session.write([UInt8](repeating: 1, count: Int(limit)))
                let crossed = await #expect(throws: PublishingError.self) { try await session.write([1]) }
                #expect(crossed?.kind == .tooLarge)
                await session.abandon()
            }
            try await site.expectNothingLeft()
        }
    }

    @Test func exactlyTheLimitIsTaken() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 1 << 20, seed: 5)
            let video = try await site.publish(film, limit: 1 << 20)
            #expect(video.media.size == 1 << 20)
        }
    }

    /// HAZARDS U02: at the first byte, in the middle, close to the end.
    @Test(arguments: [0, 1, 3 << 20, 6_400_000]) func aCutUploadLeavesNothing(count: Int) async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 6_500_000, seed: 6)
            let session = try await site.ingest.begin(
                fileName: "x.mp4", declaredSize: Int64(film.count), limit: 1 << 30)
            try await site.write(Array(film.prefix(count)), to: session)
            await session.abandon()
            await #expect(throws: PublishingError.self) { try await session.write([1]) }
            try await site.expectNothingLeft()
        }
    }

    @Test func aDroppedUploadIsSwept() async throws {
        try await TestSite.with { site in
            weak var dropped: IngestSession?
            do {
                let session = try await site.ingest.begin(fileName: "x.mp4", declaredSize: 6 << 20, limit: 1 << 30)
                try await site.write([UInt8](repeating: 7, count: 5 << 20), to: session)
                dropped = session
            }
            // Batches that were on their way still arrive.
            while dropped != nil { try await Task.sleep(for: .milliseconds(5)) }
            await site.runner.sweep()
            #expect(try await site.count(.media) == 1)
            try await site.ageUploads()
            await site.runner.sweep()
            try await site.expectNothingLeft()
        }
    }

    @Test func aSweptUploadCannotBePublished() async throws {
        try await TestSite.with { site in
            let session = try await site.ingest.begin(fileName: "x.mp4", declaredSize: nil, limit: 1 << 30)
            try await session.write(Films.mp4)
            let received = try await session.finish()
            try await site.ageUploads()
            await site.runner.sweep()
            let error = await #expect(throws: PublishingError.self) {
                _ = try await site.publisher.publish(received, as: try site.words(site.owner))
            }
            #expect(error?.kind == .conflict)
            try await site.expectNothingLeft()
        }
    }

    /// HAZARDS D02, D03: the database's connections die in the middle. Either the film is whole or nothing of it is
    /// seen.
    @Test func brokenConnectionsLeaveNothingHalf() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 24 << 20, seed: 8)
            let killing = Task {
                while !Task.isCancelled {
                    _ = try? await site.database.rows(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'COPY%'
                        """)
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
            var kinds: [PublishingError.Kind] = []
            for _ in 0..<5 {
                do { _ = try await site.publish(film) } catch let error as PublishingError { kinds.append(error.kind) }
            }
            killing.cancel()
            _ = try? await killing.value
            #expect(kinds.allSatisfy { [.unavailable, .conflict, .unknownOutcome].contains($0) })

            let video = try await site.publish(film)
            #expect(try await site.storedBytes(video.media) == film)
            try await site.ageUploads()
            await site.runner.sweep()
            try await site.runner.drain()
            #expect(try await site.count(.media) == 1)
            #expect(try await site.count(.chunks) == 24 * 4)
            #expect(site.spoolFiles.isEmpty)
        }
    }

    @Test func theCacheFolderMayVanishDuringAnUpload() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 6_000_000, seed: 7)
            let session = try await site.ingest.begin(
                fileName: "x.mp4", declaredSize: Int64(film.count), limit: 1 << 30)
            try await site.write(Array(film.prefix(3_000_000)), to: session)
            try FileManager.default.removeItem(atPath: site.cacheFolder)
            try await site.write(Array(film.dropFirst(3_000_000)), to: session)
            let video = try await site.publisher.publish(try await session.finish(), as: try site.words(site.owner))
            #expect(try await site.storedBytes(video.media) == film)
            #expect(try site.bytes(of: await site.cache.openFile(for: video.media)) == film)
        }
    }

    /// HAZARDS U11.
    @Test func theSameIdempotencyKeyPublishesOnce() async throws {
        try await TestSite.with { site in
            let first = try await site.publish(Films.mp4, key: "retry-1")
            let second = try await site.publish(Films.mp4, key: "retry-1")
            #expect(first.id == second.id)
            let third = try await site.publish(Films.mp4, key: "retry-2")
            #expect(third.id != first.id)
            try await site.ageUploads()
            await site.runner.sweep()
            try await site.runner.drain()
            #expect(try await site.count(.media) == 1)
        }
    }

    /// HAZARDS U05.
    @Test(arguments: ["../../x", "C:\\x", "a\0b", "a\";x=\"b", ".htaccess", "\u{202E}4pm.exe"])
    func hostileNamesBecomeSafe(name: String) async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.mp4, name: name)
            #expect(SafeName.isSafePathComponent(video.media.fileName))
            #expect(!video.media.fileName.hasPrefix("."))
        }
    }
}

import Catalog
import Metainfo
import Publishing
import Store
import Testing

/// Torrents belong to content, not to videos (DESIGN 2.4, HAZARDS U07), and follow what happens to the videos.
@Suite struct SharedContentTests {
    @Test func theSameFilmTwiceAtOnceIsOneContent() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 4_500_000, seed: 10)
            async let one = site.publish(film, owner: site.owner)
            async let two = site.publish(film, owner: site.otherOwner)
            let (first, second) = try await (one, two)
            #expect(first.id != second.id)
            #expect(first.media.id == second.media.id)
            let hash = try #require(first.torrent).infoHash
            #expect(second.torrent?.infoHash == hash)
            try await site.runner.drain()
            #expect(try await site.count(.media) == 1)

            try await site.publisher.delete(first.id, by: site.owner)
            try await site.runner.drain()
            #expect(site.swarm.seeded(hash) != nil)
            #expect(try await site.storedBytes(second.media) == film)

            try await site.publisher.delete(second.id, by: site.otherOwner)
            #expect(site.swarm.seeded(hash) == nil)
            #expect(site.swarm.registered(hash) == .refused(removed: true))
            try await site.expectNothingLeft()
        }
    }

    @Test func takeDownAndRestore() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.mp4)
            let hash = try #require(video.torrent).infoHash
            try await site.publisher.takeDown(video.id, by: site.admin, reason: "asked for by the band")
            #expect(site.swarm.registered(hash) == .refused(removed: true))
            #expect(site.swarm.seeded(hash) == nil)
            #expect(try await site.store.videos.video(id: video.id)?.state == .takenDown)
            let audit = try await site.store.audit.list(video: video.id)
            #expect(audit.contains { $0.reason == "asked for by the band" && $0.by == site.admin.id })

            try await site.publisher.restore(video.id, by: site.admin)
            #expect(site.swarm.registered(hash) == .allowed(completed: 0))
            #expect(site.swarm.seeded(hash) != nil)
        }
    }

    @Test func aTakenDownCopyDoesNotStopTheOther() async throws {
        try await TestSite.with { site in
            let first = try await site.publish(Films.mp4, owner: site.owner)
            let second = try await site.publish(Films.mp4, owner: site.otherOwner)
            let hash = try #require(first.torrent).infoHash
            try await site.publisher.takeDown(first.id, by: site.admin, reason: "")
            #expect(site.swarm.seeded(hash) != nil)
            try await site.publisher.takeDown(second.id, by: site.admin, reason: "")
            #expect(site.swarm.seeded(hash) == nil)
        }
    }

    @Test func publishersReachOnlyTheirOwn() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.mp4, owner: site.owner)
            for act in [
                { try await site.publisher.delete(video.id, by: site.otherOwner) },
                { try await site.publisher.takeDown(video.id, by: site.otherOwner, reason: "") },
                { try await site.publisher.restore(video.id, by: site.otherOwner) },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: PublishingError.self) { try await act() }
                #expect(error?.kind == .notFound)
            }
            #expect(try await site.store.videos.video(id: video.id)?.state == .published)
        }
    }

    @Test func switchedOffUploadsHaveNoTorrentUntilSwitchedOn() async throws {
        try await TestSite.with { site in
            let before = try await site.publish(Films.mp4)
            let hash = try #require(before.torrent).infoHash
            try await site.publisher.switchBitTorrent(on: false, by: site.admin.id)
            #expect(site.swarm.registered(hash) == .refused(removed: false))
            #expect(site.swarm.seededCount == 0)

            let without = try await site.publish(Films.mkv, name: "x.mkv")
            #expect(without.torrent == nil)
            let twin = try await site.publish(Films.mp4, owner: site.otherOwner)

            try await site.publisher.switchBitTorrent(on: true, by: site.admin.id)
            try await site.runner.drain()
            let made = try #require(try await site.store.videos.video(id: without.id)?.torrent)
            #expect(site.swarm.seeded(made.infoHash) != nil)
            #expect(site.swarm.registered(hash) == .allowed(completed: 0))
            #expect(try await site.store.videos.video(id: twin.id)?.torrent?.infoHash == hash)
            #expect(site.swarm.seededCount == 2)
        }
    }

    @Test func everythingIsSeededAgainAtBoot() async throws {
        try await TestSite.with { site in
            let kept = try await site.publish(Films.mp4)
            let down = try await site.publish(Films.mkv, name: "x.mkv")
            try await site.publisher.takeDown(down.id, by: site.admin, reason: "")
            let again = try site.reopened()
            #expect(try await again.publisher.resumeAll() == 1)
            #expect(again.swarm.seeded(try #require(kept.torrent).infoHash) != nil)
            #expect(again.swarm.seeded(try #require(down.torrent).infoHash) == nil)
        }
    }

    /// Issue 2, item 10, and HAZARDS U02: freed space is used again.
    @Test func tenRoundsDoNotGrowTheTable() async throws {
        try await TestSite.with { site in
            var sizes: [Int] = []
            for round in 0..<10 {
                let video = try await site.publish(Films.padded(to: 6 << 20, seed: UInt64(100 + round)))
                sizes.append(try await site.chunkTableSize())
                try await site.publisher.delete(video.id, by: site.owner)
                try await site.runner.drain()
                #expect(try await site.count(.chunks) == 0)
            }
            let first = try #require(sizes.first)
            #expect(first > 6 << 20)
            #expect(sizes.allSatisfy { $0 <= first + first / 20 }, "\(sizes)")
        }
    }
}

import Postgres
import Store
import TestDatabase
import Testing
import TrackerServer

@testable import ReelswarmApp

@Suite struct SwarmsArchiveTests {
    private func archive(_ store: Store, _ tracker: Tracker, node: String = "a") -> SwarmArchive {
        SwarmArchive(store: store, tracker: tracker, node: node, logger: SwarmsSample.logger)
    }

    /// T09
    @Test func countsOutliveARestartAndSilentPeersExpireAsUsual() async throws {
        try await TestDatabase.withStore { store, database in
            let sample = try await SwarmsSample.make(2, in: database)
            let film = sample.hashes[0]
            let before = sample.tracker()
            for client: UInt8 in 2...4 { try before.announce(film, client: client) }
            try before.announce(film, client: 5, left: 0)
            await archive(store, before).save()

            let clock = SwarmsClock()
            let after = sample.tracker(clock: clock)
            #expect(after.counts(film) == SwarmCounts())
            #expect(try await archive(store, after).restore() == 4)
            #expect(after.counts(film).leechers == 3 && after.counts(film).seeders == 1)
            clock.advance(900)
            try after.announce(film, client: 2, event: .none)
            #expect(after.counts(film).leechers == 3)
            clock.advance(901)
            for _ in 0..<200 { after.expire() }
            #expect(after.counts(film).leechers == 1 && after.counts(film).seeders == 0)
        }
    }

    @Test func agesAreCountedFromWhenASwarmWasSaved() async throws {
        try await TestDatabase.withStore { store, database in
            let sample = try await SwarmsSample.make(2, in: database)
            let before = sample.tracker()
            for hash in sample.hashes { try before.announce(hash, client: 2) }
            await archive(store, before).save()
            try await database.execute(
                """
                UPDATE swarms SET saved_at = now() - CASE WHEN info_hash = \(sample.hashes[0].bytes)
                    THEN interval '1000 seconds' ELSE interval '1900 seconds' END
                """)
            let after = sample.tracker()
            #expect(try await archive(store, after).restore() == 1)
            let silence = try #require(after.peers(of: sample.hashes[0]).first).silentFor
            #expect((1000...1300).contains(silence))
            await archive(store, after).forgetOld()
            #expect(try await store.swarms.load(youngerThan: 1_000_000).count == 1)
        }
    }

    @Test func anEmptiedSwarmIsNotKept() async throws {
        try await TestDatabase.withStore { store, database in
            let sample = try await SwarmsSample.make(3, in: database)
            let tracker = sample.tracker()
            let archive = archive(store, tracker)
            for hash in sample.hashes { try tracker.announce(hash, client: 2) }
            await archive.save()
            #expect(try await store.swarms.load(youngerThan: 3600).count == 3)
            try tracker.announce(sample.hashes[0], client: 2, event: .stopped)
            tracker.refuse(sample.hashes[1], reason: .removed)
            await archive.save()
            #expect(try await store.swarms.load(youngerThan: 3600).map(\.hash) == [sample.hashes[2]])
        }
    }

    @Test func onlyWhatChangedIsSavedAgain() async throws {
        try await TestDatabase.withStore { store, database in
            let sample = try await SwarmsSample.make(2, in: database)
            let tracker = sample.tracker()
            let archive = archive(store, tracker)
            for hash in sample.hashes { try tracker.announce(hash, client: 2) }
            await archive.save()
            try await database.execute("UPDATE swarms SET node = 'old'")
            try tracker.announce(sample.hashes[1], client: 2, event: .none)
            await archive.save()
            let kept = try await store.swarms.load(youngerThan: 3600)
            #expect(kept.filter { $0.node == "a" }.map(\.hash) == [sample.hashes[1]])
        }
    }

    @Test func swarmsWaitWhileTheDatabaseIsAway() async throws {
        try await TestDatabase.withStore { store, database in
            let sample = try await SwarmsSample.make(2, in: database)
            let tracker = sample.tracker()
            let archive = archive(store, tracker)
            for hash in sample.hashes { try tracker.announce(hash, client: 2) }
            try await database.execute("ALTER TABLE swarms RENAME TO away")
            await archive.save()
            try await database.execute("ALTER TABLE away RENAME TO swarms")
            #expect(try await store.swarms.load(youngerThan: 3600).isEmpty)
            await archive.save()
            #expect(try await store.swarms.load(youngerThan: 3600).count == 2)
        }
    }

    @Test func twoServersShareWhatTheyKnow() async throws {
        try await TestDatabase.withStore { store, database in
            let sample = try await SwarmsSample.make(1, in: database)
            for (node, clients) in [("a", 2...3), ("b", 3...5)] as [(String, ClosedRange<UInt8>)] {
                let tracker = sample.tracker()
                for client in clients { try tracker.announce(sample.hashes[0], client: client) }
                await archive(store, tracker, node: node).save()
            }
            let third = sample.tracker()
            try await archive(store, third, node: "c").restore()
            #expect(third.counts(sample.hashes[0]).leechers == 4)
        }
    }

    @Test func brokenRowsHarmNobody() async throws {
        try await TestDatabase.withStore { store, database in
            let sample = try await SwarmsSample.make(2, in: database)
            let tracker = sample.tracker()
            try tracker.announce(sample.hashes[0], client: 2)
            await archive(store, tracker).save()
            let junk = (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await store.swarms.save([SavedSwarm(hash: sample.hashes[1], bytes: junk)], node: "a")
            let after = sample.tracker()
            #expect(try await archive(store, after).restore() == 1)
            #expect(after.counts(sample.hashes[1]) == SwarmCounts())
        }
    }
}

import Catalog
import Metainfo
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct ImportTests {
    private static let words = ImportWords(title: "", description: "Words.", tags: ["film"])

    private func ask(
        _ store: Store, _ owner: User, seed: UInt8 = 1, source: String = "magnet:?xt=urn:btih:x"
    ) async throws -> Import {
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: seed, count: 20)))
        return try await store.imports.add(
            NewImport(
                ownerID: owner.id, source: Array(source.utf8), infoHash: hash, name: "sea.mp4", words: Self.words))
    }

    @Test func aTorrentIsImportedOnceAtATime() async throws {
        try await TestDatabase.withStore { store, _ in
            let (ada, bob) = (try await Sample.user(store), try await Sample.user(store, "bob"))
            let first = try await ask(store, ada)
            #expect(first.state == .waiting && first.name == "sea.mp4" && first.words == Self.words)
            await #expect(throws: StoreError(.conflict, "You are importing this torrent already.")) {
                _ = try await ask(store, ada)
            }
            _ = try await ask(store, bob)
            try await store.imports.cancel(first.id, owner: ada.id)
            _ = try await ask(store, ada)
            #expect(try await store.imports.latest(of: ada.id).map(\.state) == [.waiting, .cancelled])
            #expect(try await store.imports.latest(of: nil).count == 3)
        }
    }

    @Test func onlySoManyAreUnderWay() async throws {
        try await TestDatabase.withStore { store, _ in
            let ada = try await Sample.user(store)
            for seed in 1...ImportRepository.maximumUnderWay { _ = try await ask(store, ada, seed: UInt8(seed)) }
            await #expect(throws: StoreError.self) { _ = try await ask(store, ada, seed: 200) }
        }
    }

    @Test func aClaimLastsAsLongAsItsNodeSpeaks() async throws {
        try await TestDatabase.withStore { store, database in
            let asked = try await ask(store, try await Sample.user(store))
            let first = try #require(try await store.imports.claim(node: "a"))
            #expect(first.facts.id == asked.id && first.source == Array("magnet:?xt=urn:btih:x".utf8))
            #expect(try await store.imports.claim(node: "b") == nil)
            let progress = ImportProgress(wanted: 100, fetched: 40, rate: 2.5, peers: 3)
            #expect(try await store.imports.note(first, .fetching, progress, name: "real name.mp4"))
            let seen = try #require(try await store.imports.find(asked.id, owner: nil))
            #expect(seen.state == .fetching && seen.progress == progress && seen.name == "real name.mp4")

            try await database.execute("UPDATE imports SET leased_until = now() - interval '1 second'")
            let second = try #require(try await store.imports.claim(node: "b"))
            #expect(second.fence > first.fence)
            #expect(try await !store.imports.note(first, .fetching, progress))
            #expect(try await !store.imports.fail(first, reason: "too late"))
            try await store.imports.release(second)
            #expect(try await store.imports.claim(node: "c") != nil)
        }
    }

    @Test func severalFilesAreForThePublisherToChoose() async throws {
        try await TestDatabase.withStore { store, _ in
            let (ada, bob) = (try await Sample.user(store), try await Sample.user(store, "bob"))
            let asked = try await ask(store, ada)
            let files = [
                ImportFile(number: 0, path: "one.mp4", length: 10),
                ImportFile(number: 2, path: "b/two.mkv", length: 1 << 40),
            ]
            let claimed = try #require(try await store.imports.claim(node: "a"))
            #expect(try await store.imports.offer(files, of: claimed))
            #expect(try await store.imports.claim(node: "a") == nil)
            #expect(try await store.imports.find(asked.id, owner: ada.id)?.files == files)
            #expect(try await store.imports.find(asked.id, owner: bob.id) == nil)
            await #expect(throws: StoreError.self) { try await store.imports.choose(2, of: asked.id, owner: bob.id) }
            await #expect(throws: StoreError.self) { try await store.imports.choose(1, of: asked.id, owner: ada.id) }
            try await store.imports.choose(2, of: asked.id, owner: ada.id)
            let again = try #require(try await store.imports.claim(node: "a"))
            #expect(again.facts.chosenFile == 2)
        }
    }

    @Test func whatFailedMayBeTriedAgain() async throws {
        try await TestDatabase.withStore { store, _ in
            let ada = try await Sample.user(store)
            let asked = try await ask(store, ada)
            let claimed = try #require(try await store.imports.claim(node: "a"))
            #expect(try await store.imports.fail(claimed, reason: "No\u{0} peers."))
            #expect(try await store.imports.find(asked.id, owner: nil)?.reason == "No peers.")
            #expect(try await store.imports.underWay(among: [asked.id]) == [asked.id])
            try await store.imports.retry(asked.id, owner: ada.id)
            #expect(try await store.imports.claim(node: "b") != nil)
            await #expect(throws: StoreError.self) { try await store.imports.retry(asked.id, owner: ada.id) }
        }
    }

    @Test func theVideoIsKnownAfterACrash() async throws {
        try await TestDatabase.withStore { store, _ in
            let ada = try await Sample.user(store)
            let asked = try await ask(store, ada)
            #expect(try await store.imports.video(of: asked) == (nil, nil))
            let video = try await Sample.publish(
                store, owner: ada, torrent: try Sample.torrent(1), key: asked.idempotencyKey)
            let known = try await store.imports.video(of: asked)
            #expect(known.own == video.id && known.other == video.slug)
            let claimed = try #require(try await store.imports.claim(node: "a"))
            #expect(try await store.imports.finish(claimed, as: video.id, remark: ""))
            let done = try #require(try await store.imports.find(asked.id, owner: ada.id))
            #expect(done.state == .done && done.videoSlug == video.slug)
            #expect(try await store.imports.underWay(among: [asked.id]).isEmpty)
        }
    }
}

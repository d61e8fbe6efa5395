import Catalog
import Foundation
import Postgres
import Store
import TestDatabase
import Testing

@Suite(.serialized) struct ZScratchBench {
    @Test func speed() async throws {
        try await TestDatabase.withStore { store, database in
            let clock = ContinuousClock()
            let batch = Sample.bytes(4 << 20)
            for round in 0..<3 {
                let media = try await store.media.begin(NewMedia(declaredSize: nil, fileName: "a"))
                let t = try await clock.measure {
                    for n in 0..<128 { try await store.media.appendChunks(media, firstSequence: n * 16, bytes: batch) }
                }
                print("BENCH append 512MiB round \(round): \(t)")
                var total = 0
                let r = try await clock.measure {
                    for try await part in store.media.chunks(media, range: 0..<(512 << 20)) { total += part.count }
                }
                print("BENCH read \(total >> 20) MiB: \(r)")
            }
            let t = try await clock.measure { for _ in 0..<2000 { try await store.ping() } }
            print("BENCH 2000 pings: \(t)")
            let owner = try await Sample.user(store)
            for i in 0..<50 { _ = try await Sample.publish(store, owner: owner, title: "Film \(i)") }
            let v = try await clock.measure { for _ in 0..<2000 { _ = try await store.videos.video(id: VideoID(rawValue: 5)) } }
            print("BENCH 2000 video(id): \(v)")
            let p = try await clock.measure { for _ in 0..<500 { _ = try await store.videos.published(query: LibraryQuery()) } }
            print("BENCH 500 library pages: \(p)")
            try await Task.sleep(for: .seconds(1))
            let d = try await clock.measure {
                let media = try await store.media.begin(NewMedia(declaredSize: nil, fileName: "a"))
                for n in 0..<32 { try await store.media.appendChunks(media, firstSequence: n * 16, bytes: batch) }
                try await store.media.discard(media)
                let x = try await clock.measure {
                while try await store.media.deleteChunkBatch(media) > 0 {}
                }
                print("BENCH delete 128 MiB \(x)")
                let y = try await clock.measure { try await store.media.vacuumChunks() }
                print("BENCH vacuum \(y)")
            }
            print(d)
        }
    }
}

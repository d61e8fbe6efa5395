import Catalog
import Testing

@testable import Publishing

/// Films out of the database, as the worker of a clip reads them.
@Suite struct StoredFilmTests {
    private static let length = (10 << 20) + 5

    private func with(_ body: @Sendable (StoredFilm, [UInt8], TestSite) async throws -> Void) async throws {
        try await TestSite.with { site in
            let bytes = Films.padded(to: Self.length, seed: 71)
            let video = try await site.publish(bytes)
            try await body(StoredFilm(ContentReference(video.media), in: site.store), bytes, site)
        }
    }

    @Test func anyPartIsThatOfTheFilm() async throws {
        try await with { film, bytes, _ in
            #expect(film.size == UInt64(bytes.count))
            for offset in [0, 1, 65_000, (1 << 20) - 1, 1 << 20, 5_000_000, (9 << 20) + 7, bytes.count - 1, 0] {
                let part = try await film.bytes(at: UInt64(offset), upTo: 65_536)
                #expect((1...65_536).contains(part.count))
                #expect(part.elementsEqual(bytes[offset..<offset + part.count]))
            }
            for offset in [bytes.count, .max] {
                await #expect(throws: PublishingError.self) {
                    _ = try await film.bytes(at: UInt64(offset), upTo: 1)
                }
            }
        }
    }

    /// A worker that goes to and fro between picture and sound does not have the same bytes read again and again.
    @Test func whatWasUsedLastIsHeld() async throws {
        try await with { film, bytes, site in
            let read = { (window: Int) in
                let part = try await film.bytes(at: UInt64(window << 20), upTo: 1000)
                #expect(part.elementsEqual(bytes[window << 20..<(window << 20) + 1000]))
            }
            for window in [0, 1, 2, 3, 4, 5, 6, 7, 0, 8] { try await read(window) }
            try await site.database.execute("DELETE FROM media_chunks")
            for window in [0, 2, 3, 4, 5, 6, 7, 8] { try await read(window) }
            await #expect(throws: (any Error).self) { try await read(1) }
        }
    }
}

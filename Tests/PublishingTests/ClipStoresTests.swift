import Catalog
import ClipIndex
import Foundation
import Media
import Testing

@testable import Publishing

/// What cutting keeps in memory and on the disk.
@Suite struct ClipStoresTests {
    private func key(_ number: Int, media: Int64 = 1) throws -> CutKey {
        CutKey(
            media: MediaID(rawValue: media), content: "aa",
            interval: try #require(ClipInterval(start: Double(number), end: Double(number) + 1)),
            format: CutFormat(.mp4), isExact: false)
    }

    private func file(_ key: CutKey, size: Int64) throws -> CutFile {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        let spool = try SpoolFile(path: path)
        spool.remove()
        return CutFile(spool, size: size, of: key, CutOpening(actualStart: 0, beginsAsAsked: true))
    }

    @Test func theShelfIsBoundedByBytesAndAge() throws {
        var shelf = ClipShelf(byteLimit: 100, age: .seconds(10))
        let start = ContinuousClock.now
        for number in 0..<3 {
            shelf.keep(try file(try key(number), size: 40), of: try key(number), at: start + .seconds(number))
        }
        #expect(shelf.bytes == 80)
        #expect(shelf.file(try key(0), at: start + .seconds(2)) == nil)
        #expect(shelf.file(try key(1), at: start + .seconds(9)) != nil)
        #expect(shelf.file(try key(2), at: start + .seconds(13)) == nil)
        #expect(shelf.file(try key(1), at: start + .seconds(13)) != nil)
        shelf.keep(try file(try key(5), size: 101), of: try key(5), at: start)
        #expect(shelf.bytes == 40)
        shelf.forget(MediaID(rawValue: 2))
        #expect(!shelf.isEmpty)
        shelf.forget(MediaID(rawValue: 1))
        #expect(shelf.isEmpty && shelf.bytes == 0)
    }

    @Test func tagsTellCutsApart() throws {
        let first = try key(1)
        let tags = [
            try file(first, size: 1).etag, try file(first, size: 2).etag, try file(try key(2), size: 1).etag,
            try file(
                CutKey(
                    media: first.media, content: "aa", interval: first.interval, format: first.format, isExact: true),
                size: 1
            ).etag,
            try file(
                CutKey(
                    media: first.media, content: "bb", interval: first.interval, format: first.format, isExact: false),
                size: 1
            ).etag,
            try file(
                CutKey(
                    media: first.media, content: "aa", interval: first.interval, format: CutFormat(.mov),
                    isExact: false),
                size: 1
            ).etag,
        ]
        #expect(Set(tags).count == tags.count)
        #expect(try file(first, size: 1).etag == tags[0])
    }

    @Test func recentValuesStayWithinTheirBound() {
        var values = RecentValues<Int, String>(bound: 10)
        values.keep("a", of: 1, cost: 4)
        values.keep("b", of: 2, cost: 4)
        #expect(values.value(of: 1) == "a")
        values.keep("c", of: 3, cost: 4)
        #expect(values.value(of: 2) == nil && values.value(of: 1) == "a" && values.cost == 8)
        values.keep("huge", of: 4, cost: 11)
        #expect(values.value(of: 4) == nil)
        values.keep("A", of: 1, cost: 1)
        #expect(values.cost == 5 && values.value(of: 1) == "A")
        values.forget(1)
        values.forget(1)
        #expect(values.cost == 4)
    }

    // MARK: - Bytes that come

    private func growing() throws -> GrowingFile {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        let spool = try SpoolFile(path: path)
        spool.remove()
        return GrowingFile(spool)
    }

    private func all(of flow: some ByteFlow) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let part = try await flow.bytes(at: Int64(bytes.count)) { bytes += part }
        return bytes
    }

    @Test func manyReadAFileThatGrows() async throws {
        let file = try growing()
        let expected = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let readers = (0..<4).map { _ in Task { try await all(of: file) } }
        for start in stride(from: 0, to: expected.count, by: 70_000) {
            try await file.append(Array(expected[start..<min(start + 70_000, expected.count)]))
        }
        await file.finish(.success(()))
        for reader in readers { #expect(try await reader.value == expected) }
        #expect(try await all(of: file) == expected)
    }

    @Test func aFileThatBreaksOffSaysSo() async throws {
        let file = try growing()
        try await file.append([1, 2])
        let reader = Task { try await all(of: file) }
        await file.finish(.failure(PublishingError(.unavailable)))
        await file.finish(.success(()))
        await #expect(throws: PublishingError.self) { try await reader.value }
        let waiting = Task { try await all(of: try growing()) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test func aSlowReaderStopsTheWriter() async throws {
        let handoff = Handoff()
        let writer = Task {
            for number in 0..<100 { try await handoff.put([UInt8(number)]) }
            await handoff.finish(.success(()))
        }
        #expect(try await all(of: handoff) == (0..<100).map { UInt8($0) })
        try await writer.value
        let stopped = Task { try await handoff.put([1]) }
        stopped.cancel()
        await #expect(throws: CancellationError.self) { try await stopped.value }
        let broken = Handoff()
        await broken.finish(.failure(PublishingError(.broken)))
        await #expect(throws: PublishingError.self) { try await all(of: broken) }
    }
}

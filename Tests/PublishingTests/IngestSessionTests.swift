import Catalog
import Dispatch
import Logging
import Media
import Postgres
import Testing

@testable import Publishing

/// Needs the right to mount a small file system.
@Suite(.enabled(if: SmallDisk.isPossible)) struct IngestSessionTests {
    private var limits: IngestLimits {
        var limits = IngestLimits()
        limits.spoolBufferLength = 1 << 20
        limits.batchLength = 1 << 20
        return limits
    }

    /// While a slow disk still writes some bytes, a batch may end: those bytes are not the next one's yet.
    @Test(.timeLimit(.minutes(5))) func whatIsNotWrittenYetIsNotCopied() async throws {
        let disk = try SmallDisk(mebibytes: 16)
        defer { disk.remove() }
        try await TestSite.with(cacheFolder: disk.path) { site in
            _ = try await site.publish(Films.padded(to: 4 << 20, seed: 80))
            let ingest = Ingest(
                store: site.store, cache: site.cache, worker: MediaWorkerClient(executable: TestSite.workerPath),
                limits: limits, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let film = Films.padded(to: 5 << 20, seed: 81)
            let (first, rest) = (Array(film.prefix(2 << 20 + 1)), Array(film.dropFirst(2 << 20 + 1)))
            let session = try await ingest.begin(fileName: "film.mp4", declaredSize: nil, limit: 1 << 30)
            let writing = try await copiesHeld(of: session, in: site) {
                try await session.write(first)
                try disk.fill()
                let place = await site.cache.occupied()
                let task = Task { try await session.write(rest) }
                while await session.received < film.count { try await Task.sleep(for: .milliseconds(5)) }
                return (task: task, place: place)
            }
            defer { writing.place.signal() }
            while try await site.count(.chunks) < 16 + 8 { try await Task.sleep(for: .milliseconds(5)) }
            // Whatever would be read wrongly is read now.
            try await Task.sleep(for: .milliseconds(200))
            writing.place.signal()
            try await writing.task.value
            disk.empty()
            let received = try await session.finish()
            #expect(received.size == Int64(film.count))
            let video = try await site.publisher.publish(received, as: try site.words(site.owner))
            #expect(try await site.storedBytes(video.media) == film)
        }
    }

    /// Runs `body` while no batch of an upload can end.
    private func copiesHeld<T: Sendable>(
        of session: IngestSession, in site: TestSite, _ body: @Sendable () async throws -> T
    ) async throws -> T {
        try await site.database.transaction { transaction in
            _ = try await transaction.first("SELECT 1 FROM media WHERE id = \(session.id.rawValue) FOR UPDATE")
            return try await body()
        }
    }
}

extension MediaCache {
    /// Makes everyone who asks the cache for something wait until the semaphore is signalled.
    nonisolated fileprivate func occupied() async -> DispatchSemaphore {
        let semaphore = DispatchSemaphore(value: 0)
        await withCheckedContinuation { begun in Task { await self.occupy(semaphore) { begun.resume() } } }
        return semaphore
    }

    private func occupy(_ semaphore: DispatchSemaphore, _ begun: () -> Void) {
        begun()
        semaphore.wait()
    }
}

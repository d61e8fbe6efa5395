import Catalog
import Logging
import Store

/// Removes what crashes, cut uploads and time leave behind. Every step may fail and is tried again at the next round.
struct Sweeper: Sendable {
    /// Seconds without a heartbeat after which an upload is given up; with a round every 15 s its chunks go within 60
    /// s.
    static let abandonedAfterSeconds = 40
    /// Seconds between two rounds.
    static let roundSeconds = 15

    let store: Store
    let cache: MediaCache
    let keeper: SwarmKeeper
    let logger: Logger

    /// One round; `number` counts them, since some things are looked at seldom.
    func round(_ number: Int) async {
        await step("uploads") {
            let swept = try await store.media.sweepAbandoned(olderThan: Self.abandonedAfterSeconds)
            if !swept.isEmpty { logger.info("abandoned uploads removed", metadata: ["count": "\(swept.count)"]) }
        }
        await step("deletions") {
            for id in try await store.media.awaitingDeletion(limit: 100) {
                try await store.jobs.enqueue(NewJob(kind: .deleteChunks, mediaID: id))
            }
        }
        await step("clips") { try await store.clips.failOrphans() }
        await keeper.settleWhatIsLeft()
        if number % 20 == 19 { await cache.rescan() }
        if number % 240 == 0 {
            await step("sessions") { _ = try await store.sessions.sweep() }
        }
    }

    private func step(_ name: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            logger.notice("sweep postponed", metadata: ["step": "\(name)", "reason": "\(error)"])
        }
    }
}

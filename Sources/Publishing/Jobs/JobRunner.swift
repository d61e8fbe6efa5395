import Catalog
public import Logging
public import Media
public import ServiceLifecycle
import Store

/// Does the background work: pictures, storyboards, clip indexes, films out of clips, deletion of chunks, missing
/// torrents, and the sweeping.
///
/// Any number of nodes may run it on one database. It survives outages of the database, and stops at a graceful
/// shutdown: a job that is cut off is given back.
public struct JobRunner: Service {
    private let lanes: [JobLane]
    private let sweeper: Sweeper
    private let work: WorkSignal
    private let logger: Logger
    private let pollSeconds: Int

    /// Worker processes of all jobs at one time.
    private static let workersAtOnce = 2

    /// Makes the runner; it takes what it shares with the publisher from there. `worker` says which program works and
    /// how long it may: the jobs have places of their own, so that nothing else waits for them. `pollSeconds` is how
    /// often it looks for work that nobody announced (jobs of other nodes, jobs due later).
    public init(publisher: Publisher, worker: MediaWorkerClient, pollSeconds: Int = 5, logger: Logger) {
        let (store, cache) = (publisher.store, publisher.cache)
        let worker = worker.apart(concurrency: Self.workersAtOnce)
        let kinds: [[JobKind: any JobHandler]] = [
            [.materialise: MaterialiseClip(publisher, worker, logger)],
            [.thumbnail: MakeThumbnail(store: store, cache: cache, worker: worker)],
            [
                .clipIndex: MakeClipIndex(store: store, cache: cache, worker: worker),
                .storyboard: MakeStoryboard(store: store, cache: cache, worker: worker),
            ],
            [
                .deleteChunks: DeleteChunks(store: store),
                .missingTorrents: MakeMissingTorrents(store: store, keeper: publisher.keeper, logger: logger),
            ],
        ]
        lanes = kinds.map { JobLane(store: store, handlers: $0, logger: logger) }
        sweeper = Sweeper(store: store, cache: cache, keeper: publisher.keeper, logger: logger)
        work = publisher.work
        self.pollSeconds = max(1, pollSeconds)
        self.logger = logger
    }

    /// Works until a graceful shutdown or until the task is cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                let signals = lanes.map { _ in WorkSignal() }
                for (lane, signal) in zip(lanes, signals) {
                    group.addTask { await work(in: lane, on: signal) }
                }
                group.addTask { await forwardWakeUps(to: signals) }
                group.addTask { await every(pollSeconds) { _ in for signal in signals { signal.wake() } } }
                group.addTask { await every(Sweeper.roundSeconds) { await sweeper.round($0) } }
            }
        }
    }

    /// Performs every job that is due now, once, and returns; for commands and tests.
    public func drain() async throws {
        for lane in lanes { try await lane.drain() }
    }

    /// One round of sweeping, for commands and tests.
    public func sweep() async { await sweeper.round(0) }

    private func forwardWakeUps(to signals: [WorkSignal]) async {
        for await _ in work.wakeUps { for signal in signals { signal.wake() } }
    }

    private func work(in lane: JobLane, on signal: WorkSignal) async {
        var pause = 1
        for await _ in signal.wakeUps {
            do {
                try await lane.drain()
                pause = 1
            } catch {
                logger.notice("jobs wait for the database", metadata: ["seconds": "\(pause)"])
                try? await Task.sleep(for: .seconds(pause))
                pause = min(10, pause * 2)
            }
        }
    }

    private func every(_ seconds: Int, _ body: (Int) async -> Void) async {
        var number = 0
        while !Task.isCancelled {
            await body(number)
            number += 1
            try? await Task.sleep(for: .seconds(seconds))
        }
    }
}

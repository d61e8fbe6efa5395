import Catalog
import Metainfo
import Synchronization
import WebServer

/// Makes a stream of `swarm` events: the counts at once, then every change, each swarm at most once a second.
struct SwarmEvents: Sendable {
    let swarm: any SwarmView
    /// The videos of each torrent.
    let slugs: [InfoHash: [Slug]]
    /// Whether events name their video; a stream for one video does not need to.
    let namesVideos: Bool
    /// The least time between two rounds of events.
    var pause: Duration = .seconds(1)

    /// The events, until the client leaves.
    func stream() -> EventStream {
        let (events, sink) = AsyncStream<ServerSentEvent>.makeStream(bufferingPolicy: .bufferingNewest(256))
        let task = Task { await run(sink) }
        sink.onTermination = { _ in task.cancel() }
        return EventStream(events, reconnect: .seconds(3))
    }

    /// Sends until the swarm has no more to say or the task is cancelled.
    func run(_ sink: AsyncStream<ServerSentEvent>.Continuation) async {
        // Asked for before the first counts are read, so that no change falls between the two.
        let updates = swarm.updates(for: Set(slugs.keys))
        let pending = PendingCounts()
        for hash in slugs.keys { pending.put(hash, swarm.counts(hash) ?? SwarmCounts()) }
        await withTaskGroup { group in
            group.addTask {
                for await (hash, counts) in updates { pending.put(hash, counts) }
                pending.finish()
            }
            group.addTask {
                for await _ in pending.signal {
                    for (hash, counts) in pending.takeAll() { send(hash, counts, to: sink) }
                    do { try await Task.sleep(for: pause) } catch { return }
                }
            }
        }
        sink.finish()
    }

    private func send(_ hash: InfoHash, _ counts: SwarmCounts, to sink: AsyncStream<ServerSentEvent>.Continuation) {
        for slug in slugs[hash] ?? [] {
            let report = SwarmReport(counts, slug: namesVideos ? slug.rawValue : nil)
            let data = String(decoding: JSONText.encode(report), as: UTF8.self)
            sink.yield(ServerSentEvent(event: "swarm", data: data))
        }
    }
}

/// The latest counts of each swarm that were not sent yet, and a signal that there are some.
private final class PendingCounts: Sendable {
    let signal: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let counts = Mutex<[InfoHash: SwarmCounts]>([:])

    init() { (signal, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func put(_ hash: InfoHash, _ latest: SwarmCounts) {
        counts.withLock { $0[hash] = latest }
        bell.yield()
    }

    func takeAll() -> [InfoHash: SwarmCounts] {
        counts.withLock { counts in
            defer { counts.removeAll(keepingCapacity: true) }
            return counts
        }
    }

    func finish() { bell.finish() }
}

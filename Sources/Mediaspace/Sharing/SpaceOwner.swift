import Foundation
import Logging
import Metainfo

/// The one place where a directory's torrents are run: the engine, and who wants what of it.
///
/// It lives in the process that holds the lock. Processes are sessions here, this one among them; what a session wished
/// ends when it leaves.
actor SpaceOwner {
    /// A process that has the directory open.
    typealias Session = UInt64

    let folder: SpaceFolder
    let swarm: any Swarm
    let logger: Logger
    var entries: [MediaID: SpaceEntry] = [:]
    var active: [MediaID: ActiveMedia] = [:]
    private var watches: [Session: Set<MediaID>] = [:]
    private var listeners: [Session: @Sendable (MediaStatus) -> Void] = [:]
    private var last: Task<Void, Never>?

    init(folder: SpaceFolder, swarm: any Swarm, logger: Logger) {
        self.folder = folder
        self.swarm = swarm
        self.logger = logger
        for id in folder.ids() { entries[id] = SpaceEntry.load(id, in: folder) }
    }

    /// Opens the peer port and returns its number.
    func start() async throws(SpaceError) -> Int { try await swarm.start() }

    /// Remembers where everything stands and ends the engine.
    func stop() async {
        for id in active.keys.sorted() { await end(id) }
        await swarm.stop()
    }

    /// A process has come; `listener` is told of what it watches.
    func enter(_ session: Session, listener: @escaping @Sendable (MediaStatus) -> Void) {
        listeners[session] = listener
    }

    /// A process has gone, with or without a word.
    func leave(_ session: Session) async {
        listeners[session] = nil
        watches[session] = nil
        _ = await inTurn { [self] in
            await releaseAll(of: session)
            return .done
        }
    }

    /// Does what a process asks.
    func perform(_ request: SpaceRequest, for session: Session) async -> SpaceReply {
        switch request {
        case .hello, .withdraw: return .done
        case .missing(let id, let spans):
            return await swarm.missingBytes(in: spans.map(\.range), of: id).map { .bytes($0) } ?? .refused(.unknown(id))
        case .statuses: return .statuses(await statuses())
        case .status(let id): return await status(of: id).map { .statuses([$0]) } ?? .refused(.unknown(id))
        case .fetch(let id, let span): return await fetch(span, of: id)
        case .watch(let id, let isOn):
            if isOn { watches[session, default: []].insert(id) } else { watches[session]?.remove(id) }
            return .done
        case .hold, .release, .remove, .restart:
            return await inTurn { [self] in await change(request, session) }
        }
    }

    /// Tells the processes that watch it.
    func publish(_ status: MediaStatus) {
        for (session, listener) in listeners where watches[session]?.contains(status.id) == true { listener(status) }
    }

    private func change(_ request: SpaceRequest, _ session: Session) async -> SpaceReply {
        do throws(SpaceError) {
            switch request {
            case .hold(let hold): try await take(hold, from: session)
            case .release(let id, let isLasting): await release(id, of: session, isLasting: isLasting)
            case .remove(let id, let withContent): try await remove(id, for: session, withContent: withContent)
            case .restart(let id):
                for id in id.map({ [$0] }) ?? active.keys.sorted() { await restart(id) }
            case .hello, .statuses, .status, .fetch, .missing, .withdraw, .watch: break
            }
            return .done
        } catch {
            return .refused(error)
        }
    }

    /// One change after the other: an actor lets others in whenever it waits.
    private func inTurn(_ body: @escaping @Sendable () async -> SpaceReply) async -> SpaceReply {
        let before = last
        let turn = Task {
            await before?.value
            return await body()
        }
        last = Task { _ = await turn.value }
        return await turn.value
    }

    private func releaseAll(of session: Session) async {
        for (id, media) in active where media.holds[session] != nil {
            await release(id, of: session, isLasting: false)
        }
    }

    private func fetch(_ span: ByteSpan, of id: MediaID) async -> SpaceReply {
        while true {
            guard let attempt = active[id]?.attempt else { return .refused(.unknown(id)) }
            do throws(SpaceError) {
                try await swarm.fetch(span.range, of: id)
                return .done
            } catch {
                // What was stopped to begin again goes on soon.
                guard error.code != .cancelled, let media = active[id], media.failure == nil,
                    media.attempt != attempt || !media.isReady
                else { return .refused(error) }
            }
            guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return .refused(.cancelled) }
        }
    }
}

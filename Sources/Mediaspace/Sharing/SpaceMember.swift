import Foundation
import Logging

/// This process's part in a directory, which it owns or is a guest of. It remembers its own wishes, so that they outlive
/// an owner that goes, by its own will or by a kill: then one of the guests takes over, and the others turn to that one.
actor SpaceMember {
    /// Makes the engine, should this process become the owner.
    typealias MakeSwarm = @Sendable (SpaceFolder) -> any Swarm

    private enum Role {
        case none
        case owner(OwnedSpace)
        case guest(GuestSpace)
        case closed
    }

    let folder: SpaceFolder
    private let makeSwarm: MakeSwarm
    private let logger: Logger
    private var role = Role.none
    private var joining: Task<Void, any Error>?
    private var holds: [MediaID: Hold] = [:]
    private var watchers: [MediaID: [UUID: AsyncStream<MediaStatus>.Continuation]] = [:]
    private let statuses: AsyncStream<MediaStatus>.Continuation
    private let incoming: AsyncStream<MediaStatus>

    /// How long it is tried to reach the owner before it counts as stuck.
    private static let patience: Duration = .seconds(20)

    init(folder: SpaceFolder, logger: Logger, makeSwarm: @escaping MakeSwarm) {
        self.folder = folder
        self.logger = logger
        self.makeSwarm = makeSwarm
        (incoming, statuses) = AsyncStream.makeStream(of: MediaStatus.self)
    }

    /// Takes the directory over, or finds its owner.
    func open() async throws(SpaceError) {
        Task { [weak self, incoming] in
            for await status in incoming { await self?.deliver(status) }
        }
        try await ready()
    }

    /// Leaves. An owner saves first; its guests then take over.
    func close() async {
        _ = try? await joining?.value
        let left = role
        role = .closed
        switch left {
        case .owner(let space): await space.close()
        case .guest(let space): space.close()
        case .none, .closed: break
        }
        for watcher in watchers.values.joined() { watcher.value.finish() }
        watchers = [:]
        statuses.finish()
    }

    /// Whether the engine runs in this process.
    var isOwner: Bool {
        if case .owner = role { return true }
        return false
    }

    /// The TCP port for peers, where the engine runs in this process.
    var port: Int? {
        if case .owner(let space) = role { return space.port }
        return nil
    }

    /// What this process holds at present.
    func hold(of id: MediaID) -> Hold? { holds[id] }

    /// Does something, here or by the owner. Waits while the directory changes hands.
    @discardableResult
    func perform(_ request: SpaceRequest) async throws(SpaceError) -> SpaceReply {
        var before: Hold?
        if case .hold(let hold) = request { before = holds.updateValue(hold, forKey: hold.id) }
        let reply = try await answer(to: request)
        switch request {
        case .hold(let hold): if case .refused = reply { holds[hold.id] = before }
        case .release(let id, _), .remove(let id, _): if case .done = reply { holds[id] = nil }
        case .hello, .statuses, .status, .watch, .fetch, .missing, .withdraw, .restart: break
        }
        if case .refused(let error) = reply { throw error }
        return reply
    }

    /// The statuses of one torrent from now on; a slow reader misses some, never the last.
    func changes(of id: MediaID) async throws(SpaceError) -> AsyncStream<MediaStatus> {
        let (stream, continuation) = AsyncStream.makeStream(of: MediaStatus.self, bufferingPolicy: .bufferingNewest(4))
        let key = UUID()
        continuation.onTermination = { [weak self] _ in Task { await self?.unwatch(id, key) } }
        watchers[id, default: [:]][key] = continuation
        try await tellWatching(id)
        if case .statuses(let now) = try await perform(.status(id)), let status = now.first {
            continuation.yield(status)
        }
        return stream
    }

    private func unwatch(_ id: MediaID, _ key: UUID) async {
        watchers[id]?[key] = nil
        guard watchers[id]?.isEmpty == true else { return }
        watchers[id] = nil
        try? await tellWatching(id)
    }

    /// Tells the owner whether anybody here watches. Who begins to watch while another's end is still on its way must
    /// not be forgotten by that, nor miss what happened in between.
    private func tellWatching(_ id: MediaID) async throws(SpaceError) {
        var wasLate = false
        while true {
            let isOn = watchers[id] != nil
            try await perform(.watch(id, isOn: isOn))
            if isOn == (watchers[id] != nil) { break }
            wasLate = true
        }
        if wasLate { await refresh(id) }
    }

    /// Delivers the status as it is now.
    private func refresh(_ id: MediaID) async {
        guard watchers[id] != nil, case .statuses(let now) = try? await perform(.status(id)) else { return }
        for status in now { deliver(status) }
    }

    private func deliver(_ status: MediaStatus) {
        for watcher in (watchers[status.id] ?? [:]).values { watcher.yield(status) }
    }

    private func answer(to request: SpaceRequest) async throws(SpaceError) -> SpaceReply {
        while true {
            try await ready()
            switch role {
            case .owner(let space): return await space.owner.perform(request, for: OwnedSpace.ownSession)
            case .guest(let space): if let reply = await space.ask(request) { return reply }
            case .none: continue
            case .closed: throw .closed
            }
            if case .guest(let space) = role { lost(space) }
        }
    }

    private func ready() async throws(SpaceError) {
        switch role {
        case .owner, .guest: return
        case .closed: throw .closed
        case .none: break
        }
        let task = joining ?? Task { try await self.join() }
        joining = task
        do {
            try await task.value
        } catch {
            if joining == task { joining = nil }
            throw error as? SpaceError ?? SpaceError(.unavailable, "\(error)")
        }
    }

    /// Tries in turn to take the lock and to reach who holds it.
    private func join() async throws {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if case .closed = role { throw SpaceError.closed }
            if let lock = try SpaceLock.take(folder) {
                let own: @Sendable (MediaStatus) -> Void = { [statuses] in statuses.yield($0) }
                let space = try await OwnedSpace(
                    lock: lock, folder: folder, swarm: makeSwarm(folder), logger: logger, own: own)
                logger.debug("space owned", metadata: ["directory": "\(folder.directory)"])
                return await begin(.owner(space))
            }
            let guest = GuestSpace(folder: folder, watched: { [statuses] in statuses.yield($0) }) { [weak self] space in
                Task { await self?.lost(space) }
            }
            if let guest, await guest.ask(.hello) != nil {
                logger.debug("space shared", metadata: ["directory": "\(folder.directory)"])
                return await begin(.guest(guest))
            }
            guest?.close()
            try await Task.sleep(for: .milliseconds(Int.random(in: 10...40)))
        }
        throw SpaceError(.unavailable, "Another process holds \(folder.directory) and does not answer.")
    }

    /// Takes a role up, with everything that this process wishes.
    private func begin(_ new: Role) async {
        if case .closed = role {
            switch new {
            case .owner(let space): await space.close()
            case .guest(let space): space.close()
            case .none, .closed: break
            }
            return
        }
        role = new
        joining = nil
        for id in watchers.keys { await send(.watch(id, isOn: true), in: new) }
        for hold in holds.values {
            var again = hold
            // What was known of the disk was known to the one who went.
            if again.check == .trusted { again.check = .asSaved }
            holds[again.id] = again
            await send(.hold(again), in: new)
        }
        for id in watchers.keys { await refresh(id) }
    }

    private func send(_ request: SpaceRequest, in role: Role) async {
        switch role {
        case .owner(let space): _ = await space.owner.perform(request, for: OwnedSpace.ownSession)
        case .guest(let space): _ = await space.ask(request)
        case .none, .closed: break
        }
    }

    /// The owner has gone: without a wish of anybody else's, this process looks for the next, or becomes it.
    private func lost(_ space: GuestSpace) {
        guard case .guest(let current) = role, current === space else { return }
        role = .none
        logger.debug("space owner gone", metadata: ["directory": "\(folder.directory)"])
        Task { await self.rejoin() }
    }

    private func rejoin() async {
        while true {
            do {
                return try await ready()
            } catch {
                if error.code == .closed { return }
                logger.warning("\(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}

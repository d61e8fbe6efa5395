import Catalog
import Metainfo
import Synchronization
import WebServer

/// Tells all open pages how counts change: it follows the swarms once, encodes every change once, and shares the bytes.
///
/// A round of events goes out at once after a quiet second, else a second after the one before, so a page gets at most
/// one message a second and has every change within a second. One timer serves all pages.
final class SwarmHub: Sendable {
    /// The pages that show one torrent, and what they were told last.
    private struct Room {
        var pages: [ObjectIdentifier: OpenPage] = [:]
        var message: SwarmMessage?
    }

    private struct State {
        var rooms: [InfoHash: Room] = [:]
        var changed: Set<InfoHash> = []
        var tasks: [Task<Void, Never>] = []
        var hasEnded = false
    }

    private let swarm: any SwarmView
    private let pause: Duration
    private let signal: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let state = Mutex(State())

    /// - Parameter pause: the least time between two rounds.
    init(swarm: any SwarmView, pause: Duration = .seconds(1)) {
        self.swarm = swarm
        self.pause = pause
        (signal, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    deinit { for task in state.withLock({ $0.tasks }) { task.cancel() } }

    /// How many pages are open.
    var pageCount: Int {
        state.withLock { state in
            Set(state.rooms.values.flatMap(\.pages.keys)).count
        }
    }

    /// Whether a change of a torrent waits for the next round.
    func hasNoted(_ hash: InfoHash) -> Bool { state.withLock { $0.changed.contains(hash) } }

    /// The events of a page, beginning with the counts as they are; the page is forgotten when its client leaves.
    func events(of slugs: [InfoHash: [Slug]], namesVideos: Bool) -> EventStream {
        EventStream(encoded: stream(of: slugs, namesVideos: namesVideos), reconnect: .seconds(3))
    }

    /// The same as encoded events.
    func stream(of slugs: [InfoHash: [Slug]], namesVideos: Bool) -> AsyncStream<[UInt8]> {
        let page = OpenPage(slugs: slugs, namesVideos: namesVideos)
        open(page)
        let stay = Stay { [weak self] in self?.close(page) }
        return AsyncStream {
            stay.holds ? await page.next() : nil
        } onCancel: { [weak self] in
            self?.close(page)
            page.close()
        }
    }

    // MARK: - Pages

    private func open(_ page: OpenPage) {
        state.withLock { state in
            begin(&state)
            for hash in page.slugs.keys {
                state.rooms[hash, default: Room()].pages[ObjectIdentifier(page)] = page
                let isCurrent = !state.changed.contains(hash)
                tell([page], of: hash, in: &state, maximumAge: isCurrent ? pause : .zero)
            }
            if state.hasEnded { page.close() }
        }
    }

    private func close(_ page: OpenPage) {
        state.withLock { state in
            for hash in page.slugs.keys {
                state.rooms[hash]?.pages[ObjectIdentifier(page)] = nil
                if state.rooms[hash]?.pages.isEmpty == true { state.rooms[hash] = nil }
            }
        }
    }

    // MARK: - Changes

    /// Follows the swarms from the first page on. The changes are asked for before any count is read, so that none falls
    /// between the two.
    private func begin(_ state: inout State) {
        guard state.tasks.isEmpty else { return }
        let (changes, bell, signal, pause) = (swarm.changes(), bell, signal, pause)
        let follower = Task { [weak self] in
            for await hash in changes { self?.note(hash) }
            bell.finish()
        }
        let timer = Task { [weak self] in
            for await _ in signal {
                let began = ContinuousClock.now
                self?.tellChanges()
                try? await Task.sleep(until: began + pause, clock: .continuous)
            }
            self?.end()
        }
        state.tasks = [follower, timer]
    }

    private func note(_ hash: InfoHash) {
        let isNew = state.withLock { state in state.rooms[hash] != nil && state.changed.insert(hash).inserted }
        if isNew { bell.yield() }
    }

    private func tellChanges() {
        let pages = state.withLock { state in
            var pages: [ObjectIdentifier: OpenPage] = [:]
            for hash in state.changed {
                guard let room = state.rooms[hash] else { continue }
                tell(room.pages.values, of: hash, in: &state, maximumAge: .zero)
                pages.merge(room.pages) { $1 }
            }
            state.changed.removeAll(keepingCapacity: true)
            return pages
        }
        for page in pages.values { page.wake() }
    }

    /// Gives pages the counts of a swarm. Under the lock, so that older counts never replace newer ones.
    private func tell(
        _ pages: some Sequence<OpenPage>, of hash: InfoHash, in state: inout State, maximumAge: Duration
    ) {
        var message = state.rooms[hash]?.message
        if message == nil || message.map({ $0.at.duration(to: .now) >= maximumAge }) == true {
            message = SwarmMessage(swarm.reading(hash))
        }
        guard var message else { return }
        for page in pages {
            if page.namesVideos {
                page.put(hash, Array((page.slugs[hash] ?? []).map { message.event(naming: $0) }.joined()))
            } else {
                page.put(hash, message.event())
            }
        }
        state.rooms[hash]?.message = message
    }

    private func end() {
        tellChanges()
        let pages = state.withLock { state in
            state.hasEnded = true
            return state.rooms.values.flatMap(\.pages.values)
        }
        for page in pages { page.close() }
    }
}

/// Ends a page's stay when the stream that holds it is gone, however that came about.
private final class Stay: Sendable {
    let holds = true
    private let end: @Sendable () -> Void

    init(end: @escaping @Sendable () -> Void) { self.end = end }

    deinit { end() }
}

import Catalog

/// Where clips are cut: few at one time, the others wait in order, each once for all who ask for it meanwhile. A cut
/// that nobody waits for any more is ended.
actor CuttingRoom {
    private struct Work {
        let number: UInt64
        let way: FilmCut.Way
        let task: Task<Void, Never>
        var askers: Set<UInt64> = []
        /// What a clip that is sent while it is made has come to.
        var begun: (opening: CutOpening, flow: any ByteFlow)?
    }

    private struct Waiter {
        let asker: CutAsker
        let key: CutKey
        let way: FilmCut.Way
        let client: String?
        /// Nil once there was an answer: a stream, which is being sent.
        var place: CheckedContinuation<CutClip, any Error>?
    }

    private let cutter: FilmCutter
    private let limits: ClipLimits
    private nonisolated let disk: CutDisk
    private nonisolated let watch: FilmWatch
    private let places: CutPlaces
    private var works: [CutKey: Work] = [:]
    private var waiters: [UInt64: Waiter] = [:]
    private var nextNumber: UInt64 = 0
    private var isClosed = false

    init(cutter: FilmCutter, limits: ClipLimits, disk: CutDisk, watch: FilmWatch) {
        self.cutter = cutter
        self.limits = limits
        self.disk = disk
        self.watch = watch
        places = CutPlaces(limits)
    }

    // MARK: - Asking

    /// A clip: a kept one, or one that is cut now.
    nonisolated func clip(_ cut: FilmCut, of video: VideoID, for client: String?) async throws -> CutClip {
        if let file = kept(cut.key) { return .file(file) }
        return try await watch.whilePublished(video) { try await self.ask(cut, video, client) }
    }

    /// A clip that was cut a moment ago.
    nonisolated func kept(_ key: CutKey) -> CutFile? { disk.kept(key) }

    /// Those who wait for a cut or are being sent one.
    var waiting: Int { waiters.count }

    /// Whether nothing is asked for, cut or promised.
    var isIdle: Bool { waiters.isEmpty && works.isEmpty && disk.isIdle }

    /// Goes: nobody else waiting, the cut ends.
    func leave(_ asker: CutAsker) {
        guard let gone = waiters.removeValue(forKey: asker.number) else { return }
        gone.place?.resume(throwing: CancellationError())
        guard let work = works[gone.key], work.askers.contains(asker.number) else { return }
        works[gone.key]?.askers.remove(asker.number)
        guard work.askers.count == 1 else { return }
        works[gone.key] = nil
        work.task.cancel()
    }

    /// Ends the cuts of a content, and drops its clips: it can no longer be seen.
    func forget(_ media: MediaID) {
        disk.forget(media)
        for key in works.keys where key.media == media { end(key, FilmWatch.gone) }
    }

    /// Ends everything; what is asked for later is refused.
    func close() {
        isClosed = true
        disk.empty()
        for key in works.keys { end(key, PublishingError(.unavailable, retryAfter: 5)) }
    }

    private func ask(_ cut: FilmCut, _ video: VideoID, _ client: String?) async throws -> CutClip {
        try Task.checkCancellation()
        if let file = disk.kept(cut.key) { return .file(file) }
        try admit(cut, client)
        nextNumber += 1
        let asker = CutAsker(number: nextNumber, video: video)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { place in
                waiters[asker.number] = Waiter(asker: asker, key: cut.key, way: cut.way, client: client, place: place)
                join(cut, asker)
                if Task.isCancelled { leave(asker) }
            }
        } onCancel: {
            Task { await self.leave(asker) }
        }
    }

    private func admit(_ cut: FilmCut, _ client: String?) throws(PublishingError) {
        guard !isClosed else { throw PublishingError(.unavailable, retryAfter: 5) }
        guard works[cut.key] == nil else { return }
        if let client {
            let ways = waiters.values.filter { $0.client == client }.map(\.way)
            let exact = cut.way == .growing ? ways.count { $0 == .growing } : 0
            guard ways.count < limits.perClient, exact < limits.exactPerClient else {
                throw PublishingError(.tooManyCuts, retryAfter: 5)
            }
        }
        guard works.values.count(where: { $0.way == cut.way }) < limits.waiting + places.count(cut.way) else {
            throw PublishingError(.busy, retryAfter: 10)
        }
    }

    private func join(_ cut: FilmCut, _ asker: CutAsker) {
        var work = works[cut.key] ?? begin(cut)
        work.askers.insert(asker.number)
        works[cut.key] = work
        if work.begun != nil { sendStreams(cut.key) }
    }

    // MARK: - Cutting

    private func begin(_ cut: FilmCut) -> Work {
        nextNumber += 1
        let number = nextNumber
        return Work(number: number, way: cut.way, task: Task { await self.run(cut, number) })
    }

    private nonisolated func run(_ cut: FilmCut, _ number: UInt64) async {
        let result: Result<CutFile?, any Error>
        do {
            result = .success(try await places[cut.way].pass { try await self.make(cut, number) })
        } catch {
            result = .failure(error)
        }
        await ended(cut.key, number, result)
    }

    private nonisolated func make(_ cut: FilmCut, _ number: UInt64) async throws -> CutFile? {
        let granted = try disk.reserve(cut)
        defer { disk.release(granted) }
        return try await cutNow(cut, number, granted)
    }

    private nonisolated func cutNow(_ cut: FilmCut, _ number: UInt64, _ mostBytes: Int64) async throws -> CutFile? {
        let begun: FilmCutter.Begun = { opening, flow in await self.begun(cut.key, number, opening, flow) }
        switch cut.way {
        case .whole: return try await cutter.whole(cut, mostBytes: mostBytes)
        case .growing:
            // Kept before its readers leave: the last of them ends a cut that is not over.
            try await cutter.growing(cut, mostBytes: mostBytes, begun) { file in
                await self.ended(cut.key, number, .success(file))
            }
            return nil
        case .passing:
            try await cutter.passing(cut, begun)
            return nil
        }
    }

    private func begun(_ key: CutKey, _ number: UInt64, _ opening: CutOpening, _ flow: any ByteFlow) {
        guard works[key]?.number == number else { return }
        works[key]?.begun = (opening, flow)
        sendStreams(key)
    }

    private func sendStreams(_ key: CutKey) {
        guard let work = works[key], let (opening, flow) = work.begun else { return }
        for number in work.askers {
            guard let waiter = waiters[number], let place = waiter.place else { continue }
            waiters[number]?.place = nil
            place.resume(returning: .stream(CutStream(opening, flow, for: waiter.asker, in: self, watch)))
        }
    }

    private func ended(_ key: CutKey, _ number: UInt64, _ result: Result<CutFile?, any Error>) {
        guard let work = works[key], work.number == number else { return }
        works[key] = nil
        if case .success(let file?) = result { disk.keep(file, of: key) }
        for number in work.askers {
            // Whoever is being sent a stream finds its end there, and leaves then.
            guard let place = waiters[number]?.place else { continue }
            waiters[number] = nil
            place.resume(with: result.flatMap { $0.map { .success(.file($0)) } ?? .failure(CancellationError()) })
        }
    }

    private func end(_ key: CutKey, _ error: any Error) {
        guard let work = works.removeValue(forKey: key) else { return }
        work.task.cancel()
        for number in work.askers {
            guard let place = waiters[number]?.place else { continue }
            waiters[number] = nil
            place.resume(throwing: error)
        }
    }
}

import Logging
import Metainfo
import NIOCore

/// What is kept over a restart.
extension Download {
    /// How often the state is saved while it changes.
    private static let savingInterval: Duration = .seconds(30)

    /// Reads the saved state; nil when there is none, or it is not of this torrent.
    func loadState(then body: @escaping (ResumeState?) -> Void) {
        guard let stateFile else { return body(nil) }
        let (run, hash) = (run, hash)
        onHashers(
            { ResumeState.load(from: stateFile) },
            then: { saved in
                guard run == self.run else { return }
                body(saved?.infoHash == hash ? saved : nil)
            })
    }

    func restoreTotals(_ saved: ResumeState) {
        guard downloaded == 0, uploaded == 0 else { return }
        (downloaded, uploaded, wasted) = (saved.downloaded, saved.uploaded, saved.wasted)
        downloadedEarlier = saved.downloaded
    }

    func saveWhenDue(now: ContinuousClock.Instant) {
        guard isChanged, now - savedAt >= Self.savingInterval else { return }
        save(andSynchronize: false)
    }

    /// Saves the state on another thread.
    func save(andSynchronize synchronizes: Bool) {
        guard let work = savingWork(synchronizes: synchronizes), !isSaving else { return }
        isSaving = true
        isChanged = false
        savedAt = .now
        onHashers(
            { work() },
            then: { error in
                self.isSaving = false
                if let error {
                    self.core.logger.warning(
                        "state not saved", metadata: ["hash": "\(self.hash)", "reason": "\(error)"])
                }
            })
    }

    /// What writes the state as it is now; nil when none is kept. Blocking.
    private func savingWork(synchronizes: Bool) -> (@Sendable () -> StorageError?)? {
        guard let stateFile else { return nil }
        let (snapshot, storage) = (snapshot, storage)
        return { () -> StorageError? in
            var saved = snapshot
            do throws(StorageError) {
                saved.isSynchronized = synchronizes ? try storage?.synchronize() ?? true : false
                if synchronizes { storage?.closeFiles() }
                saved.files = try storage?.facts() ?? []
                try saved.save(to: stateFile)
                return nil
            } catch {
                return error
            }
        }
    }

    private var snapshot: ResumeState {
        var saved = ResumeState(infoHash: hash)
        saved.infoBytes = torrent?.infoBytes
        saved.pieceLayers = knownTorrent?.pieceLayers ?? [:]
        saved.have = scheduler?.have
        saved.partials = buffers?.partials ?? []
        saved.wanted = wanted.ranges
        saved.isInOrder = wanted.order == .inOrder
        (saved.downloaded, saved.uploaded, saved.wasted) = (downloaded, uploaded, wasted)
        saved.isPaused = state == .paused
        saved.bootID = ResumeState.currentBootID()
        return saved
    }

    /// What is to be awaited before the engine ends or the files are touched: the trackers know, and all is on the disk.
    func farewell() -> @Sendable () async -> Void {
        let announcer = announcer
        self.announcer = nil
        let flush = isDeleted ? nil : buffers?.flushAllJob()
        let this = NIOLoopBound(self, eventLoop: core.eventLoop)
        let eventLoop = core.eventLoop
        return {
            async let told: Void? = announcer?.stop()
            try? await eventLoop.flatSubmit { this.value.whenIdle() }.get()
            if let flush { _ = await Blocking.run { flush.run() } }
            let work = try? await eventLoop.submit { this.value.lastWork(after: flush) }.get()
            if let work = work ?? nil { _ = await Blocking.run(work) }
            _ = await told
        }
    }

    /// Done when no work of this torrent is left on other threads.
    private func whenIdle() -> EventLoopFuture<Void> {
        let promise = core.eventLoop.makePromise(of: Void.self)
        if jobs == 0 { promise.succeed() } else { idlers.append(promise) }
        return promise.futureResult
    }

    /// Runs blocking work for this torrent on a hashing thread and `body` on the loop.
    func onHashers<T: Sendable>(_ work: @escaping @Sendable () -> T, then body: @escaping (T) -> Void) {
        jobBegins()
        core.onHashers(work) { result in
            body(result)
            self.jobEnds()
        }
    }

    /// Work elsewhere has begun that is to be awaited before the torrent is gone.
    func jobBegins() { jobs += 1 }

    func jobEnds() {
        jobs -= 1
        guard jobs == 0 else { return }
        for idler in idlers { idler.succeed() }
        idlers = []
    }

    private func lastWork(after flush: FlushJob?) -> (@Sendable () -> StorageError?)? {
        if let flush { _ = buffers?.flushed(flush) }
        return isDeleted || (scheduler == nil && torrent != nil) ? nil : savingWork(synchronizes: true)
    }
}

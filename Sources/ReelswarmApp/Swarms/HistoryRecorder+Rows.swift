import Logging
import Metainfo
import Store
import Synchronization
import TrackerServer

/// Which rows are due, and writing them.
extension HistoryRecorder {
    /// Samples of torrents with something new to say; what is due no longer counts as changed until it changes again.
    func dueTorrents(_ now: ContinuousClock.Instant, _ everything: Bool) -> [(HistorySample, hasOthers: Bool)] {
        let (candidates, bytes, recorded) = state.withLock { state in
            (state.changed.union(state.bytes.keys), state.bytes, state.recorded)
        }
        var due: [(HistorySample, hasOthers: Bool)] = []
        for hash in candidates {
            // Before the counts are read, so that what changes meanwhile is looked at again.
            state.withLock { _ = $0.changed.remove(hash) }
            let counts = tracker.counts(hash)
            let sample = HistorySample(hash, counts, bytes[hash] ?? 0)
            guard let last = recorded[hash] else {
                if sample != HistorySample(hash: hash) { due.append((sample, counts.hasOthers)) }
                continue
            }
            guard !last.says(sample) else { continue }
            if everything || last.isDue(at: now, every: interval, hasOthers: counts.hasOthers) {
                due.append((sample, counts.hasOthers))
            } else {
                note(hash)
            }
        }
        return due
    }

    func write(_ part: [(HistorySample, hasOthers: Bool)], _ now: ContinuousClock.Instant) async -> Bool {
        do {
            try await store.history.append(part.map(\.0))
        } catch  where error.code != .unknownOutcome {
            state.withLock { state in
                for (sample, _) in part { if let hash = sample.hash { state.changed.insert(hash) } }
            }
            logger.warning("swarm history not written yet", metadata: ["reason": "\(error.message)"])
            return false
        } catch {
            // Written or not; a second time would count the bytes twice.
        }
        state.withLock { state in
            for (sample, hasOthers) in part {
                guard let hash = sample.hash else { continue }
                let rest = (state.bytes[hash] ?? 0) &- sample.uploaded
                state.bytes[hash] = rest == 0 ? nil : rest
                state.recorded[hash] = RecordedSwarm(sample, hasOthers: hasOthers, at: now)
            }
        }
        forgetUntracked(part)
        return true
    }

    /// A torrent that is gone has had its last row.
    private func forgetUntracked(_ part: [(HistorySample, hasOthers: Bool)]) {
        let gone = part.compactMap { $0.0.hash.flatMap { tracker.isTracking($0) ? nil : $0 } }
        state.withLock { state in for hash in gone { state.recorded[hash] = nil } }
    }

    func writeAll(_ now: ContinuousClock.Instant, _ everything: Bool) async {
        let totals = tracker.totals()
        let (last, sample) = state.withLock { state in
            let completed = state.recorded.values.reduce(into: UInt64(0)) { $0 &+= $1.sample.completed }
            let sample = HistorySample(
                hash: nil, seeders: totals.seeders, leechers: totals.leechers, partialSeeds: totals.partialSeeds,
                completed: completed, uploaded: state.allBytes)
            return (state.all, sample)
        }
        if let last {
            guard !last.says(sample), everything || last.isDue(at: now, every: interval, hasOthers: false) else {
                return
            }
        }
        do {
            try await store.history.append([sample])
        } catch  where error.code != .unknownOutcome {
            return
        } catch {
            // Written or not; a second time would count the bytes twice.
        }
        state.withLock { state in
            state.all = RecordedSwarm(sample, hasOthers: true, at: now)
            state.allBytes &-= sample.uploaded
        }
    }
}

extension HistorySample {
    fileprivate init(_ hash: InfoHash, _ counts: TrackerServer.SwarmCounts, _ uploaded: UInt64) {
        self.init(
            hash: hash, seeders: counts.seeders, leechers: counts.leechers, partialSeeds: counts.partialSeeds,
            completed: counts.completed, uploaded: uploaded)
    }
}

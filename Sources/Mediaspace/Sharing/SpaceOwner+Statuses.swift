extension SpaceOwner {
    /// How everything that is known stands, in the order of the ids.
    func statuses() async -> [MediaStatus] {
        var statuses: [MediaStatus] = []
        for id in entries.keys.sorted() {
            if let status = await status(of: id) { statuses.append(status) }
        }
        return statuses
    }

    /// How one torrent stands; nil when nothing is known of it.
    func status(of id: MediaID) async -> MediaStatus? {
        guard let media = active[id] else { return entries[id]?.restingStatus }
        if let failure = media.failure {
            var status = entries[id]?.restingStatus ?? MediaStatus(id: id, state: .failed(reason: failure))
            status.state = .failed(reason: failure)
            status.isActive = true
            return status
        }
        guard let status = await swarm.status(of: id) else {
            var status = entries[id]?.restingStatus ?? MediaStatus(id: id, state: .waiting)
            status.state = .waiting
            status.isActive = true
            return status
        }
        return active[id]?.isReady == true ? status : unready(status)
    }

    /// The status while nothing has been wanted yet: then the engine calls everything wanted done.
    func unready(_ status: MediaStatus) -> MediaStatus {
        var shown = status
        switch status.state {
        case .seeding, .done, .paused, .downloading:
            shown.state = status.hasMetadata ? .validating : .waiting
            shown.progress = 0
        case .waiting, .validating, .failed: break
        }
        return shown
    }

    /// Remembers what a status says, on the disk when it says something lasting.
    func note(_ status: MediaStatus, isReady: Bool) async {
        guard isReady else {
            // Who stops a torrent as soon as it is said to have failed must not make that forgotten.
            if case .failed(let reason) = status.state { entries[status.id]?.failure = reason }
            return
        }
        let rest = await missingOfRest(status.id)
        guard var entry = entries[status.id] else { return }
        let before = entry
        if let name = status.name { entry.name = name }
        if status.totalBytes > 0 { entry.totalBytes = status.totalBytes }
        if let rest {
            let wanted = entry.part.ranges(within: entry.totalBytes).reduce(0) { $0 + Int64($1.count) }
            entry.doneBytes = max(0, wanted - rest)
            entry.isComplete = rest == 0
        } else {
            entry.doneBytes = status.doneBytes
            if status.isComplete { entry.isComplete = true }
            if status.state == .downloading { entry.isComplete = false }
        }
        if case .failed(let reason) = status.state { entry.failure = reason } else { entry.failure = nil }
        entries[status.id] = entry
        let isLasting =
            entry.name != before.name || entry.isComplete != before.isComplete || entry.failure != before.failure
        if isLasting { save(status.id) }
    }

    /// How much is missing of what is remembered as wanted, where less than that is wanted now: by a clip alone. Nil
    /// where the status says it.
    private func missingOfRest(_ id: MediaID) async -> Int64? {
        guard let media = active[id], let entry = entries[id], entry.totalBytes > 0,
            !media.part(of: fileParts(id)).contains(entry.part)
        else { return nil }
        return await swarm.missingBytes(in: entry.part.ranges(within: entry.totalBytes), of: id)
    }
}

import Foundation
import Metainfo

extension SpaceOwner {
    /// Begins with a torrent and follows it until it is stopped.
    func run(_ id: MediaID, attempt: Int) async {
        do {
            try await prepare(id, attempt)
        } catch {
            guard isCurrent(id, attempt) else { return }
            await fail(id, error)
            return
        }
        guard isCurrent(id, attempt) else { return }
        active[id]?.isReady = true
        for await status in swarm.changes(of: id) {
            guard isCurrent(id, attempt) else { return }
            await note(status, isReady: true)
            guard isCurrent(id, attempt) else { return }
            if status.isComplete { await keepHashes(id) }
            publish(status)
        }
    }

    /// Hands the torrent to the engine. Wherever files of ours might meet files of somebody else, nothing is wanted
    /// until what lies there has been looked at, so that nothing of theirs is written over.
    private func prepare(_ id: MediaID, _ attempt: Int) async throws(SpaceError) {
        guard let known = folder.known(id), let media = active[id], let entry = entries[id] else {
            throw .unknown(id)
        }
        var addition = SwarmAddition(
            source: known, folder: entry.folder, stateFile: folder.state(id), part: .nothing, check: media.check,
            peers: media.holds.values.flatMap(\.endpoints), limits: media.limits, shares: media.shares)
        guard case .torrent(let torrent) = known else {
            try await swarm.add(addition)
            guard let torrent = await metadata(of: id, attempt) else { return }
            try folder.keep(torrent, as: id)
            return try await settle(torrent, id, attempt)
        }
        learn(torrent, id)
        let place = ContentPlace(info: torrent.info, folder: entry.folder)
        let isFree = entry.isOurs || !place.isTouched
        if media.check == .trusted || (isFree && !media.onlySeeds) {
            own(id)
            addition.part = active[id]?.part(of: fileParts(id)) ?? .whole
            return try await swarm.add(addition)
        }
        try refuseObstacle(place, onlySeeds: media.onlySeeds)
        try await swarm.add(addition)
        try await settle(torrent, id, attempt)
    }

    /// Waits until what lies on the disk has been hashed, decides whether it is ours, and names what is wanted.
    private func settle(_ torrent: Torrent, _ id: MediaID, _ attempt: Int) async throws(SpaceError) {
        guard isCurrent(id, attempt), let media = active[id], let entry = entries[id] else { return }
        learn(torrent, id)
        let place = ContentPlace(info: torrent.info, folder: entry.folder)
        let mayMeetOthers = !entry.isOurs && place.isTouched
        if mayMeetOthers { try refuseObstacle(place, onlySeeds: media.onlySeeds) }
        if mayMeetOthers || media.onlySeeds {
            try await validation(of: id, attempt)
            guard isCurrent(id, attempt) else { return }
            await swarm.pause(id)
            await swarm.want(.whole, of: id)
            let status = await swarm.status(of: id)
            guard isCurrent(id, attempt) else { return }
            try judge(status, place, onlySeeds: media.onlySeeds)
            own(id)
            await swarm.want(currentPart(id), of: id)
            await swarm.resume(id)
        } else {
            own(id)
            await swarm.want(currentPart(id), of: id)
        }
    }

    /// Remembers, before the first byte is written, that what lies there from now on is ours.
    private func own(_ id: MediaID) {
        guard entries[id]?.isOurs == false else { return }
        entries[id]?.isOurs = true
        save(id)
    }

    /// What the hashes said of the files that lay there.
    private func judge(_ status: MediaStatus?, _ place: ContentPlace, onlySeeds: Bool) throws(SpaceError) {
        guard let status, status.wantedBytes > 0 else { return }
        if onlySeeds, status.doneBytes < status.wantedBytes {
            let share = Int(Double(status.doneBytes) / Double(status.wantedBytes) * 100)
            throw SpaceError(.mismatch, "\(place.root) is not what its torrent describes: \(share) % of it matches.")
        }
        if status.doneBytes == 0 {
            throw SpaceError(.occupied, "\(place.root) exists already and is another file.")
        }
    }

    private func refuseObstacle(_ place: ContentPlace, onlySeeds: Bool) throws(SpaceError) {
        if onlySeeds, !place.hasAllFiles {
            throw SpaceError(.mismatch, "\(place.root) is missing or not as long as its torrent says.")
        }
        if let path = place.obstacle { throw SpaceError(.occupied, "\(path) exists already and is another file.") }
    }

    /// Keeps a torrent whose piece hashes came only with the pieces.
    private func keepHashes(_ id: MediaID) async {
        guard folder.wholeTorrent(id) == nil, let torrent = await swarm.torrent(of: id) else { return }
        _ = try? folder.keep(torrent, as: id)
    }

    private func currentPart(_ id: MediaID) -> MediaPart { active[id]?.part(of: fileParts(id)) ?? .nothing }

    private func metadata(of id: MediaID, _ attempt: Int) async -> Torrent? {
        for await status in swarm.changes(of: id) {
            guard isCurrent(id, attempt) else { return nil }
            if status.hasMetadata, let torrent = await swarm.torrent(of: id) { return torrent }
            publish(unready(status))
        }
        return nil
    }

    private func validation(of id: MediaID, _ attempt: Int) async throws(SpaceError) {
        for await status in swarm.changes(of: id) {
            guard isCurrent(id, attempt) else { return }
            if case .failed(let reason) = status.state { throw SpaceError(.failed, reason) }
            guard status.state == .validating || status.state == .waiting else { return }
            publish(unready(status))
        }
    }

    private func fail(_ id: MediaID, _ error: SpaceError) async {
        active[id]?.failure = error.message
        entries[id]?.failure = error.message
        // What was fetched out of sight is still there when its place turns out to be another file's.
        if error.code == .occupied, FileFacts(folder.part(id)) != nil {
            entries[id]?.folder = folder.part(id)
            entries[id]?.isOurs = true
        }
        await swarm.remove(id)
        save(id)
        if let status = await status(of: id) { publish(status) }
    }

    private func learn(_ torrent: Torrent, _ id: MediaID) {
        guard entries[id]?.totalBytes == 0 || entries[id]?.name == nil else { return }
        entries[id]?.name = torrent.info.name
        entries[id]?.totalBytes = torrent.info.contentLength
        save(id)
    }

    private func isCurrent(_ id: MediaID, _ attempt: Int) -> Bool {
        !Task.isCancelled && active[id]?.attempt == attempt
    }
}

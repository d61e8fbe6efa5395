import Foundation
import Logging
import Metainfo

extension SpaceOwner {
    /// A process wants a torrent to be active, or wants something else of it than before.
    func take(_ hold: Hold, from session: Session) async throws(SpaceError) {
        guard folder.contains(hold.id) else { throw .unknown(hold.id) }
        let known = entries[hold.id]
        var entry = known ?? SpaceEntry(id: hold.id, folder: hold.folder ?? folder.directory)
        // Content that is to be seeded lies where it is said to lie.
        if let place = hold.folder, hold.onlySeeds, active[hold.id] == nil, place != entry.folder {
            entry.folder = place
            entry.isOurs = false
        }
        // A clip needs no place that another file has.
        if hold.isForClips, entry.failure != nil, !entry.isOurs, entry.isSeed != true, active[hold.id] == nil {
            entry.folder = folder.part(hold.id)
            entry.isOurs = true
        }
        if let place = self.place(of: hold, now: entry) { try await bringOut(hold.id, &entry, to: place) }
        if known == nil || !hold.isForClips {
            entry.isActive = true
            entry.shares = hold.shares
            entry.isSeed = hold.onlySeeds ? true : nil
        }
        entry.part = lastingPart(with: hold, of: session, besides: known?.part)
        entry.failure = nil
        if let path = hold.torrentBeside { entry.torrentBeside = path }
        if hold.check == .trusted { entry.isComplete = true }
        entries[hold.id] = entry
        try entry.save(in: folder)

        var media = active[hold.id] ?? ActiveMedia()
        let before = media
        media.holds[session] = hold
        active[hold.id] = media
        guard media.task != nil, media.failure == nil else { return await restart(hold.id) }
        if media.shares && !before.shares, await swarm.status(of: hold.id)?.state == .done {
            return await restart(hold.id)
        }
        if media.isReady {
            await swarm.want(media.part(of: fileParts(hold.id)), of: hold.id)
            if media.limits != before.limits { await swarm.setLimits(media.limits, of: hold.id) }
        }
        await swarm.addPeers(hold.endpoints, to: hold.id)
    }

    /// What is remembered as wanted: clips come to what was wanted before, and make nothing smaller.
    private func lastingPart(with hold: Hold, of session: Session, besides known: MediaPart?) -> MediaPart {
        var media = ActiveMedia()
        media.holds[session] = hold
        let part = media.part(of: nil).lasting
        guard hold.hasClips, let known, !part.contains(known) else { return part }
        return known.contains(part) ? known : known.union(part).lasting
    }

    /// The folder into which content that was kept out of sight is to come; nil when it stays where it is.
    private func place(of hold: Hold, now entry: SpaceEntry) -> String? {
        let place = hold.folder ?? folder.directory
        guard entry.folder == folder.part(hold.id), place != entry.folder else { return nil }
        return hold.onlySeeds || hold.isForClips ? nil : place
    }

    /// Moves what is here of a torrent from the hidden folder to where it is wanted now, so that it goes on there.
    private func bringOut(_ id: MediaID, _ entry: inout SpaceEntry, to place: String) async throws(SpaceError) {
        guard let torrent = folder.storedTorrent(id) else {
            entry.folder = place
            return
        }
        let (from, to) = (
            ContentPlace(info: torrent.info, folder: entry.folder), ContentPlace(info: torrent.info, folder: place)
        )
        guard !to.isTouched || to.obstacle == nil else {
            throw SpaceError(.occupied, "\(to.root) exists already and is another file.")
        }
        await halt(id)
        entry.folder = place
        guard !to.isTouched else {
            // What lies there may be the content: that is looked at, and what is hidden waits for the answer.
            entry.isOurs = false
            return
        }
        try ContentCopy.move(from, to: to)
        for left in [folder.part(id), folder.parts] { FileRemoval.emptyFolder(left) }
    }

    /// Stops a torrent for as long as its content changes its place.
    private func halt(_ id: MediaID) async {
        if let media = active[id], media.task != nil {
            media.task?.cancel()
            active[id]?.attempt += 1
            active[id]?.isReady = false
            active[id]?.task = nil
            await swarm.remove(id)
        }
    }

    /// A process wants a torrent no longer; it stops when no other does.
    func release(_ id: MediaID, of session: Session, isLasting: Bool) async {
        if active[id]?.holds[session] != nil {
            active[id]?.holds[session] = nil
            if let media = active[id], !media.holds.isEmpty {
                if media.isReady { await swarm.want(media.part(of: fileParts(id)), of: id) }
            } else {
                await end(id)
            }
        }
        if isLasting, active[id] == nil, entries[id]?.isActive == true {
            entries[id]?.isActive = false
            save(id)
            publishResting(id)
        }
    }

    /// Forgets a torrent; refused while another process holds it.
    func remove(_ id: MediaID, for session: Session, withContent: Bool) async throws(SpaceError) {
        guard entries[id] != nil || folder.contains(id) else { throw .unknown(id) }
        guard active[id]?.holds.keys.allSatisfy({ $0 == session }) ?? true else {
            throw SpaceError(.inUse, "Another process still uses \(entries[id]?.name ?? id.description).")
        }
        await end(id)
        if withContent, let torrent = folder.storedTorrent(id), let place = entries[id]?.folder {
            ContentPlace(info: torrent.info, folder: place).remove()
        }
        entries[id] = nil
        folder.forget(id)
    }

    /// Stops a torrent and begins again, with what all processes want.
    func restart(_ id: MediaID) async {
        guard let media = active[id] else { return }
        media.task?.cancel()
        if media.task != nil { await swarm.remove(id) }
        active[id]?.attempt += 1
        active[id]?.isReady = false
        active[id]?.failure = nil
        let attempt = active[id]?.attempt ?? 0
        active[id]?.task = Task { await self.run(id, attempt: attempt) }
    }

    /// Stops a torrent and remembers where it stands.
    func end(_ id: MediaID) async {
        guard let media = active[id] else { return }
        media.task?.cancel()
        if let status = await swarm.status(of: id) { await note(status, isReady: media.isReady) }
        active[id] = nil
        await swarm.remove(id)
        save(id)
        publishResting(id)
    }

    /// The bytes of each file as parts; nil while they are not known.
    func fileParts(_ id: MediaID) -> [MediaPart]? {
        guard active[id]?.holds.values.contains(where: { $0.files != nil }) == true else { return nil }
        return folder.storedTorrent(id)?.info.files.filter { !$0.isPadding }.map {
            .bytes($0.offset..<$0.offset + $0.length, inOrder: false)
        }
    }

    func save(_ id: MediaID) {
        do {
            try entries[id]?.save(in: folder)
        } catch {
            logger.warning("\(error)")
        }
    }

    private func publishResting(_ id: MediaID) {
        if let entry = entries[id] { publish(entry.restingStatus) }
    }
}

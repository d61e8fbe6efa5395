import ByteCoding
import ClipIndex
import Foundation
import Media
import Metainfo

/// One clip on its way out of the swarm.
struct ClipErrand: Sendable {
    let clip: ClipRequest
    let interval: ClipInterval
    /// The clip's file, or the folder that it comes into.
    let output: String
    let options: GetOptions
    let space: Space
    let onStatus: Space.StatusHandler?
    let onEstimate: (@Sendable (ClipEstimate) -> Void)?
    let onEncoding: (@Sendable (Double) -> Void)?
    /// Tells its wishes from those of other clips.
    let key = UUID()

    init(
        _ clip: ClipRequest, _ output: String, _ options: GetOptions, in space: Space,
        _ onStatus: Space.StatusHandler?, _ onEstimate: (@Sendable (ClipEstimate) -> Void)?,
        _ onEncoding: (@Sendable (Double) -> Void)? = nil
    ) throws(SpaceError) {
        guard let interval = ClipInterval(start: clip.start, end: clip.end) else {
            throw SpaceError(
                .notCuttable, "A clip has a start that is not negative and an end after it, in seconds.")
        }
        guard space.hasWorker else {
            throw SpaceError(.unavailable, "The program reelswarm-media-worker, which reads films, is missing.")
        }
        self.clip = clip
        self.interval = interval
        self.output = SpaceFolder.absolute(output)
        self.options = options
        self.space = space
        self.onStatus = onStatus
        self.onEstimate = onEstimate
        self.onEncoding = onEncoding
        try refuseLength(interval)
        try refuseOutput(self.output)
    }

    func run(_ source: SpaceFolder.Known) async throws(SpaceError) -> ClipResult {
        let known = await withIndex(source)
        let id: MediaID
        switch known {
        case .torrent(let torrent):
            // What can be refused without the swarm is refused at once.
            try refuseOutput(path(for: try ChosenFilm(clip.file, of: torrent.info)))
            id = try space.folder.keep(torrent)
        case .magnet(let link): id = try space.folder.keep(link)
        }
        var peers = options.peers.map(\.description)
        if case .magnet(let link) = source, space.configuration.allowsPrivateAddresses {
            peers += link.peers.map(\.description)
        }
        return try await withHold(of: id, peers) { () throws(SpaceError) in try await fetch(id) }
    }

    /// The magnet's own torrent where it can be had soon, since only that brings the index.
    private func withIndex(_ source: SpaceFolder.Known) async -> SpaceFolder.Known {
        guard case .magnet(let link) = source, let hash = link.wireHash else { return source }
        if let stored = space.folder.wholeTorrent(MediaID(hash)), !stored.clipIndexes.isEmpty {
            return .torrent(stored)
        }
        let exact = ExactSource(
            link: link, allowsPrivateAddresses: space.configuration.allowsPrivateAddresses, logger: space.logger)
        return await exact.torrent().map { .torrent($0) } ?? source
    }

    /// Holds the torrent while `body` works; what it has fetched is shared on afterwards where that is wanted.
    private func withHold(
        of id: MediaID, _ peers: [String], _ body: () async throws(SpaceError) -> (ClipResult, [ByteSpan])
    ) async throws(SpaceError) -> ClipResult {
        var following: Task<Void, Never>?
        defer { following?.cancel() }
        do throws(SpaceError) {
            try await space.clipHolds.want([], isGrowing: true, for: key, template(id, peers))
            if let onStatus {
                let changes = try await space.member.changes(of: id)
                following = Task { for await status in changes { onStatus(status) } }
            }
            let (result, spans) = try await body()
            await space.clipHolds.end(key, of: id, keeping: options.sharesWhenDone ? spans : nil)
            return result
        } catch {
            await space.clipHolds.end(key, of: id, keeping: nil)
            throw Task.isCancelled ? SpaceError.cancelled : error
        }
    }

    /// What is said of the torrent where this process holds it not yet: it goes on where it lies.
    private func template(_ id: MediaID, _ peers: [String]) -> Hold {
        let entry = SpaceEntry.load(id, in: space.folder)
        var hold = Hold(id: id)
        hold.part = .nothing
        hold.folder = entry?.folder ?? space.folder.part(id)
        // Nothing is fetched into what somebody gave to be seeded.
        hold.onlySeeds = entry?.isSeed == true
        hold.shares = options.sharesWhenDone
        hold.peers = peers
        hold.limits = RateLimit(down: options.downloadLimit, up: options.uploadLimit)
        return hold
    }

    /// Says what is wanted now.
    func want(_ spans: [ByteSpan], isGrowing: Bool, of id: MediaID) async throws(SpaceError) {
        var hold = Hold(id: id)
        hold.part = .nothing
        try await space.clipHolds.want(spans, isGrowing: isGrowing, for: key, hold)
    }

    func plan(_ index: FilmIndex) throws(SpaceError) -> ClipPlan {
        let plan: ClipPlan
        do throws(ClipPlanError) {
            plan = try index.plan(interval)
        } catch {
            throw SpaceError(.notCuttable, error.description)
        }
        try refuseLength(plan.interval)
        return plan
    }

    /// Where the clip of a film is written.
    func path(for film: ChosenFilm) -> String {
        guard FileFacts(output)?.isFolder == true else { return output }
        return (output == "/" ? "" : output) + "/" + ClipName.name(film.name, interval)
    }
}

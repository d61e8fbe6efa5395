import Foundation
import Logging

extension Space {
    /// Looks into the directory: films and .torrent files that have come become active, and what was removed from it is
    /// stopped. A film without a .torrent gets one beside it.
    @discardableResult
    public func rescan() async throws(SpaceError) -> RescanResult {
        var options = PutOptions()
        options.announceTiers = configuration.announceTiers
        let rules = WatchRules(folder: directory, interval: .zero, putOptions: options)
        var result = try await look(rules)
        for status in try await statuses() where status.isActive {
            // What never began has no content that could have gone.
            guard let place = try? place(of: status.id), let entry = SpaceEntry.load(status.id, in: folder),
                entry.isComplete, entry.part.spans != [], !place.isTouched
            else { continue }
            try await member.perform(.release(status.id, isLasting: true))
            result.removed.append(status.id)
        }
        return result
    }

    /// Watches a folder until the task is cancelled: each new film becomes a torrent beside it and is seeded, each new
    /// .torrent whose content is there is seeded, and what is removed is stopped.
    ///
    /// A film that is still being copied is not touched before its size and times have rested for one interval.
    ///
    /// - Parameter report: told what each look brought about, where it did.
    public func watch(_ rules: WatchRules, report: @escaping @Sendable (RescanResult) -> Void) async {
        while !Task.isCancelled {
            do {
                let result = try await look(rules)
                if !result.isEmpty { report(result) }
            } catch {
                if error.code == .closed { return }
                logger.warning("\(error)")
            }
            try? await Task.sleep(for: rules.interval)
        }
    }

    private func look(_ rules: WatchRules) async throws(SpaceError) -> RescanResult {
        let keeper = await keepers.keeper(of: rules, space: folder)
        let work = await keeper.look()
        var result = RescanResult()
        result.problems = work.problems
        for id in work.gone {
            guard let entry = SpaceEntry.load(id, in: folder) else { continue }
            // Made for a .torrent in a watched folder, it goes with it.
            if entry.torrentBeside != nil { try await remove(id) } else { try await deactivate(id) }
            result.removed.append(id)
        }
        for found in work.torrents {
            await attempt(found.path, keeper, &result) { () throws(SpaceError) in
                let id = try await seed(found.torrent, in: found.folder, isTrusted: false, beside: found.path)
                return (id, found.path)
            }
        }
        for path in work.films where !Task.isCancelled {
            await attempt(path, keeper, &result) { () throws(SpaceError) in try await take(film: path, rules) }
        }
        return result
    }

    private func attempt(
        _ path: String, _ keeper: FolderKeeper, _ result: inout RescanResult,
        _ body: () async throws(SpaceError) -> (MediaID, torrent: String)
    ) async {
        do {
            let (id, torrent) = try await body()
            await keeper.took(id, torrent: torrent)
            result.added.append(id)
        } catch {
            if await keeper.failed(path) { result.problems.append(error.message) }
        }
    }

    private func take(film path: String, _ rules: WatchRules) async throws(SpaceError) -> (MediaID, torrent: String) {
        let before = FileFacts(path)
        let torrent = try await makeTorrent(of: path, rules.putOptions, nil)
        guard let before, FileFacts(path) == before else {
            throw SpaceError(.notMade, "\(path) changed while it was hashed.")
        }
        let beside = try TorrentBeside.write(torrent, for: path)
        return (try await seed(torrent, in: path.parentFolder, isTrusted: true, beside: beside), beside)
    }
}

import Foundation
import Metainfo

/// Looks into one folder again and again and tells what is to become of what came and went. It touches no torrent itself:
/// its answers are carried out by the space.
actor FolderKeeper {
    /// A .torrent that has come, and where its content lies.
    struct Found: Sendable {
        let path: String
        let torrent: Torrent
        let folder: String

        /// The paths of its content.
        var files: [String] { ContentPlace(info: torrent.info, folder: folder).files.map(\.path) }
    }

    /// What one look asks for.
    struct Work: Sendable {
        /// .torrent files to be seeded, with where their content lies.
        var torrents: [Found] = []
        /// Films to be made into torrents.
        var films: [String] = []
        /// Entries whose .torrent or content is gone.
        var gone: [MediaID] = []
        /// What cannot be done, as sentences.
        var problems: [String] = []
    }

    let rules: WatchRules
    private let space: SpaceFolder
    private var torrents: FolderChanges
    private var films: FolderChanges
    private var places: [MediaID: [MediaFile]] = [:]
    private var told: Set<String> = []
    /// The torrents taken up from this folder, by the path of their .torrent.
    private var kept: [String: MediaID] = [:]

    init(rules: WatchRules, space: SpaceFolder) {
        self.rules = rules
        self.space = space
        torrents = FolderChanges(interval: rules.interval)
        films = FolderChanges(interval: rules.interval)
    }

    /// Takes one look.
    func look() -> Work {
        let scan = FolderScan(of: rules.folder)
        let now = ContinuousClock.now
        let wallClock = Int64(Date().timeIntervalSince1970 * 1_000_000_000)
        var work = Work()
        let torrentChanges = torrents.look(at: scan.torrents, now: now, wallClock: wallClock)
        for path in torrentChanges.gone {
            told.remove(path)
            if scan.torrents[path] == nil, let id = kept.removeValue(forKey: path) { work.gone.append(id) }
        }
        for path in torrentChanges.new { take(path, &work) }
        if rules.makesTorrents {
            let owned = ownedPaths().union(work.torrents.flatMap(\.files))
            let free = scan.films.filter { !owned.contains($0.key) }
            let filmChanges = films.look(at: free, now: now, wallClock: wallClock)
            for path in filmChanges.gone { told.remove(path) }
            work.films = filmChanges.new.filter { TorrentBeside.find(for: $0) == nil }
        }
        work.gone += lostContent(besides: work.gone)
        return work
    }

    /// A .torrent of the folder is now active.
    func took(_ id: MediaID, torrent path: String) { kept[path] = id }

    /// Something could not be done now: it is tried again at the next look, and said only once.
    ///
    /// - Returns: whether it has to be said.
    func failed(_ path: String) -> Bool {
        torrents.forget(path)
        films.forget(path)
        return told.insert(path).inserted
    }

    private func take(_ path: String, _ work: inout Work) {
        guard !kept.keys.contains(path) else { return }
        guard let bytes = SpaceFolder.read(path, limit: MetainfoLimits.default.bytes),
            let torrent = try? Torrent(decoding: bytes)
        else {
            if told.insert(path).inserted { work.problems.append("\(path) is no usable .torrent file.") }
            return
        }
        let folders = [path.parentFolder] + (rules.contentFolder.map { [$0] } ?? [])
        let found = folders.first { ContentPlace(info: torrent.info, folder: $0).hasAllFiles }
        guard let found else {
            if failed(path) { work.problems.append("The content of \(path) is not beside it, or not whole.") }
            return
        }
        work.torrents.append(Found(path: path, torrent: torrent, folder: found))
    }

    /// The files of all torrents that the space knows: none of them is a new film.
    private func ownedPaths() -> Set<String> {
        let ids = Set(space.ids())
        places = places.filter { ids.contains($0.key) }
        for id in ids where places[id] == nil {
            guard let torrent = space.storedTorrent(id), let entry = SpaceEntry.load(id, in: space) else { continue }
            places[id] = ContentPlace(info: torrent.info, folder: entry.folder).files
        }
        return Set(places.values.joined().map(\.path))
    }

    /// Torrents of this folder whose files have all gone.
    private func lostContent(besides known: [MediaID]) -> [MediaID] {
        var lost: [MediaID] = []
        for (path, id) in kept where !known.contains(id) {
            guard let torrent = space.storedTorrent(id), let entry = SpaceEntry.load(id, in: space),
                !ContentPlace(info: torrent.info, folder: entry.folder).isTouched
            else { continue }
            kept[path] = nil
            torrents.forget(path)
            lost.append(id)
        }
        return lost
    }
}

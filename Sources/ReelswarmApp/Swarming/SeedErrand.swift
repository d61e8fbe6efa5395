import Foundation
import Mediaspace
import Metainfo

/// One `seed`: what is shared, from where, and which folders are watched.
struct SeedErrand: Sendable {
    var paths: [String]
    /// Where the data of .torrent files lies besides their own folder.
    var data: String?
    var watched: [String] = []
    var interval: Duration = .seconds(60)
    var options = PutOptions(announceTiers: [], writesTorrent: true)

    init(paths: [String], data: String?) {
        self.paths = paths
        self.data = data
    }

    /// The folder whose space is used: where the data lies, so that a later run knows it without hashing it again, or a
    /// temporary one where that cannot be written.
    func spaceFolder() throws -> SeedFolder {
        for path in paths where !FileManager.default.isReadableFile(atPath: path) {
            throw CommandFailure(message: "\(path) cannot be read.")
        }
        for path in watched where !SeedFolder.isFolder(path) {
            throw CommandFailure(message: "\(path) is no folder that could be watched.")
        }
        let first = data ?? watched.first ?? paths.first.map(Self.folder(of:)) ?? "."
        return try SeedFolder(preferring: first)
    }

    /// Begins with everything and goes on until cancelled. Throws when nothing is left to seed.
    func run(in space: Space, desk: SeedDesk) async throws {
        try await withThrowingTaskGroup(of: Bool?.self) { group in
            for path in paths { group.addTask { try await seed(path, in: space, desk) } }
            for folder in watched {
                var rules = WatchRules(folder: folder, contentFolder: data, interval: interval, putOptions: options)
                rules.putOptions.writesTorrent = true
                group.addTask { [rules] in
                    await space.watch(rules) { desk.tell($0, in: space) }
                    return nil
                }
            }
            if desk.isOnTerminal {
                group.addTask {
                    for await statuses in space.statuses(every: .seconds(1)) { desk.show(statuses) }
                    return nil
                }
            }
            var left = paths.count
            while let result = try await group.next() {
                if result == false { left -= 1 }
                if left == 0, watched.isEmpty { throw CommandFailure(message: "Nothing is left to seed.") }
            }
        }
    }

    /// Seeds one path for as long as it can be; false when it cannot be seeded, which has been said then.
    private func seed(_ path: String, in space: Space, _ desk: SeedDesk) async throws -> Bool {
        do {
            let id = try await begin(path, in: space, desk)
            try await space.completion(of: id)
            desk.tell(id, in: space)
            for await status in try await space.changes(of: id) {
                if case .failed(let reason) = status.state { throw SpaceError(.failed, reason) }
            }
            return true
        } catch let error as SpaceError {
            if Task.isCancelled || error.code == .closed { return true }
            desk.complain(error.message)
            return false
        }
    }

    private func begin(_ path: String, in space: Space, _ desk: SeedDesk) async throws(SpaceError) -> MediaID {
        let absolute = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
        let film = absolute.hasSuffix("/") && absolute.count > 1 ? String(absolute.dropLast()) : absolute
        if !SeedFolder.isFolder(film), film.lowercased().hasSuffix(".torrent") {
            return try await seed(torrentAt: film, in: space)
        }
        if var found = TorrentBeside.find(for: film)?.torrent {
            let known = Set(found.announceTiers.joined())
            found.announceTiers += (options.announceTiers ?? []).filter { !known.isSuperset(of: $0) }
            return try await space.seed(found, in: Self.folder(of: film))
        }
        do {
            return try await space.put(film, options, onHashing: { desk.showHashing(film, $0, $1) })
        } catch  where error.code == .unavailable {
            // Where no .torrent can be written beside the film, it is seeded all the same.
            desk.complain(error.message)
            var options = options
            options.writesTorrent = false
            return try await space.put(film, options, onHashing: { desk.showHashing(film, $0, $1) })
        }
    }

    private func seed(torrentAt path: String, in space: Space) async throws(SpaceError) -> MediaID {
        let torrent: Torrent
        do {
            torrent = try Torrent(decoding: Array(try Data(contentsOf: URL(filePath: path))))
        } catch {
            throw SpaceError(.badSource, "\(path) is no usable .torrent file: \(error).")
        }
        let beside = Self.folder(of: path)
        let isBeside = FileManager.default.fileExists(atPath: "\(beside)/\(torrent.info.name)")
        return try await space.seed(torrent, in: isBeside ? beside : data ?? beside)
    }

    private static func folder(of path: String) -> String {
        let folder = URL(filePath: path).standardizedFileURL.deletingLastPathComponent().path(percentEncoded: false)
        return folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    }
}

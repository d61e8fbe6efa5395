import Foundation

/// What lies in a folder and below it: films and .torrent files, with what tells whether they change.
///
/// Hidden files and folders are left out (the space's own among them), and links are not followed, so that a scan ends.
struct FolderScan: Sendable, Equatable {
    /// Films by path.
    var films: [String: FileFacts] = [:]
    /// .torrent files by path.
    var torrents: [String: FileFacts] = [:]

    /// How deep folders are looked into.
    static let depth = 32
    /// How many names are looked at.
    static let names = 1_000_000

    init() {}

    /// Looks into the folder at an absolute path. A folder that cannot be read counts as empty.
    init(of folder: String) {
        var left = Self.names
        var folders = [(path: folder, depth: 0)]
        while let (path, depth) = folders.popLast() {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where left > 0 {
                left -= 1
                guard !name.hasPrefix("."), let facts = FileFacts("\(path)/\(name)") else { continue }
                if facts.isFolder, depth < Self.depth { folders.append(("\(path)/\(name)", depth + 1)) }
                guard facts.isFile else { continue }
                if FilmName.isTorrent(name) { torrents["\(path)/\(name)"] = facts }
                if FilmName.isFilm(name) { films["\(path)/\(name)"] = facts }
            }
        }
    }
}

import Foundation
import Metainfo

/// Where everything of a space lies.
///
/// Films lie in the directory under their own names. What belongs to the space itself is in `.reelswarm` inside it,
/// which only its owner may enter:
/// ```
/// .reelswarm/lock                  held by the process that runs the engine
/// .reelswarm/socket                where the others hand in their wishes
/// .reelswarm/torrents/ID.torrent   metadata, or ID.magnet (and ID.info) until all of it is known
/// .reelswarm/entries/ID.json       where the content is and what is wanted of it
/// .reelswarm/states/ID             which pieces are on the disk (written by the engine)
/// .reelswarm/parts/ID/NAME         content that has no place in the directory itself
/// ```
struct SpaceFolder: Sendable {
    static let hiddenName = ".reelswarm"

    /// The space's directory, absolute, without a slash at its end.
    let directory: String

    var hidden: String { directory + "/" + Self.hiddenName }
    var lock: String { hidden + "/lock" }
    var socket: String { hidden + "/socket" }
    var torrents: String { hidden + "/torrents" }
    var entries: String { hidden + "/entries" }
    var states: String { hidden + "/states" }
    var parts: String { hidden + "/parts" }

    func torrent(_ id: MediaID) -> String { "\(torrents)/\(id).torrent" }
    func magnet(_ id: MediaID) -> String { "\(torrents)/\(id).magnet" }
    func info(_ id: MediaID) -> String { "\(torrents)/\(id).info" }
    func entry(_ id: MediaID) -> String { "\(entries)/\(id).json" }
    func state(_ id: MediaID) -> String { "\(states)/\(id)" }
    func part(_ id: MediaID) -> String { "\(parts)/\(id)" }

    init(_ path: String) {
        directory = Self.absolute(path)
    }

    /// A path from the root, with `.` and `..` worked out.
    static func absolute(_ path: String) -> String {
        let url = URL(filePath: path).standardizedFileURL
        let text = url.path(percentEncoded: false)
        return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// Makes the directory and what is inside it, where they are missing.
    func create() throws(SpaceError) {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for folder in [hidden, torrents, entries, states] {
                guard !FileManager.default.fileExists(atPath: folder) else { continue }
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw SpaceError(.unavailable, "\(directory) cannot be written.")
        }
    }

    /// Removes the hidden folder when nothing is kept in it any more. Call it while holding the lock.
    func removeIfEmpty() {
        for folder in [parts, states, entries, torrents] { FileRemoval.emptyFolder(folder) }
        let left = (try? FileManager.default.contentsOfDirectory(atPath: hidden)) ?? []
        guard Set(left).isSubset(of: ["lock", "socket"]) else { return }
        FileRemoval.file(socket)
        FileRemoval.file(lock)
        FileRemoval.emptyFolder(hidden)
    }

    /// Writes a file whole or not at all.
    static func write(_ bytes: some Collection<UInt8>, to path: String) throws(SpaceError) {
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw SpaceError(.unavailable, "\(path) cannot be written.")
        }
    }

    /// A file's bytes; nil when it cannot be read or has more than `limit`.
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: limit + 1), data.count <= limit else { return nil }
        return Array(data)
    }
}

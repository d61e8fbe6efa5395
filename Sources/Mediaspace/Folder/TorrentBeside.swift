import Foundation
public import Metainfo

/// The .torrent that lies beside the film or folder it describes: `film.mp4.torrent`.
public enum TorrentBeside {
    private static let attempts = 100

    /// Where the torrent of a file may lie, the best name first.
    static func names(for path: String) -> [String] {
        ["\(path).torrent"] + (2...attempts).map { "\(path).\($0).torrent" }
    }

    /// A torrent that lies beside a file or folder and bears its name and length, whoever wrote it.
    ///
    /// Whether the content is what it describes, only hashing can tell.
    public static func find(for path: String) -> (path: String, torrent: Torrent)? {
        for name in names(for: path) {
            guard FileFacts(name) != nil else { return nil }
            guard let bytes = SpaceFolder.read(name, limit: MetainfoLimits.default.bytes),
                let torrent = try? Torrent(decoding: bytes)
            else { continue }
            let place = ContentPlace(info: torrent.info, folder: path.parentFolder)
            if place.root == path, place.hasAllFiles { return (name, torrent) }
        }
        return nil
    }

    /// Writes a torrent beside its content and returns its path. Nothing is ever replaced: where a file of that name
    /// lies, the same torrent in it is taken as written, and for anything else the next free name is used.
    public static func write(_ torrent: Torrent, for path: String) throws(SpaceError) -> String {
        let bytes = torrent.encoded()
        for name in names(for: path) {
            if try create(name, bytes) { return name }
            guard let there = SpaceFolder.read(name, limit: MetainfoLimits.default.bytes),
                let other = try? Torrent(decoding: there)
            else { continue }
            if other.infoBytes == torrent.infoBytes { return name }
        }
        throw SpaceError(.occupied, "\(path).torrent exists already and is another file.")
    }

    /// Writes a new file whole; false when the name is taken.
    static func create(_ path: String, _ bytes: [UInt8]) throws(SpaceError) -> Bool {
        let passing = "\(path.parentFolder)/.\(UUID().uuidString).part"
        defer { FileRemoval.file(passing) }
        guard (try? Data(bytes).write(to: URL(filePath: passing))) != nil else {
            throw SpaceError(.unavailable, "\(path) cannot be written.")
        }
        // A link is made only where nothing is: two processes cannot both succeed, and neither sees half a file.
        if unsafe link(passing, path) == 0 { return true }
        if errno == EEXIST { return false }
        guard FileFacts(path) == nil else { return false }
        guard unsafe rename(passing, path) == 0 else {
            throw SpaceError(.unavailable, "\(path) cannot be written (error \(errno)).")
        }
        return true
    }
}

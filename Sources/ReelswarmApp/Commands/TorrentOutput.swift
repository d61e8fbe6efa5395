import Foundation
import Metainfo

/// Where `create` writes a torrent: the named file, or one called like the content in a folder.
///
/// Only an earlier torrent is replaced, so that a slip of the keys costs no film.
struct TorrentOutput {
    /// The .torrent file to write.
    let path: String

    /// Looks before anything is hashed, which may take long. Throws a sentence where nothing can be written.
    ///
    /// - Parameters:
    ///   - output: the file; a folder where it is one already or ends in a slash.
    ///   - content: what the torrent is made of.
    init(_ output: String, of content: String) throws {
        let isFolder = output.hasSuffix("/") || Self.isFolder(output)
        let name = URL(filePath: content).standardizedFileURL.lastPathComponent + ".torrent"
        path = isFolder ? (output.hasSuffix("/") ? output + name : "\(output)/\(name)") : output
        let parent = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        guard Self.isFolder(parent) else { throw CommandFailure(message: "There is no folder \(parent).") }
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard !Self.isSame(path, content), (try? InspectCommand.torrent(at: path)) != nil else {
            throw CommandFailure(message: "\(path) exists already and is no torrent to be replaced.")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        let paths = [one, other].map { URL(filePath: $0).resolvingSymlinksInPath().path(percentEncoded: false) }
        return paths[0] == paths[1]
    }
}

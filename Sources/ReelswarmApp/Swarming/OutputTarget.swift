import Foundation

/// Where `get` puts what it gets: into a folder under the torrent's name, or at a name of its own.
struct OutputTarget: Sendable, Equatable {
    /// The folder.
    let folder: String
    /// The name in it; nil for the torrent's.
    let name: String?

    /// A path that ends in a slash, is a folder already, or is absent means a folder; any other is a name.
    init(_ output: String?) {
        let text = output ?? "."
        let url = URL(filePath: text).standardizedFileURL
        var isFolder: ObjCBool = false
        let exists = unsafe FileManager.default.fileExists(atPath: text, isDirectory: &isFolder)
        if text.hasSuffix("/") || (exists && isFolder.boolValue) {
            folder = url.path(percentEncoded: false)
            name = nil
        } else {
            folder = url.deletingLastPathComponent().path(percentEncoded: false)
            name = url.lastPathComponent
        }
    }

    /// The path of what is called `name` by its torrent; a part has its place in the name.
    func path(for torrentName: String, part: String?) -> String {
        let own = name ?? (part.map { "\(torrentName).\($0)" } ?? torrentName)
        return folder.hasSuffix("/") ? folder + own : "\(folder)/\(own)"
    }
}

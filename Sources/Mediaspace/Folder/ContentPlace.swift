import Foundation
import Metainfo

/// Where the files of a torrent lie below a folder.
struct ContentPlace: Sendable {
    let info: TorrentInfo
    /// The folder around the torrent's file or folder.
    let folder: String

    /// The path of the torrent's file, or of the folder of its files.
    var root: String { folder + "/" + info.name }

    /// The files in order, padding left out.
    var files: [MediaFile] {
        info.files.filter { !$0.isPadding }.map { file in
            let path = info.isSingleFile ? root : root + "/" + file.path.joined(separator: "/")
            return MediaFile(path: path, length: file.length, offset: file.offset)
        }
    }

    /// The first file that lies where one of the torrent's would, and cannot be a copy of it: it is no plain file, or
    /// of another length.
    var obstacle: String? {
        files.first { file in
            guard let facts = FileFacts(file.path) else { return false }
            return !facts.isFile || facts.size != file.length
        }?.path
    }

    /// Whether any of the files is there, other than the empty ones that the torrent describes so.
    var isTouched: Bool {
        files.contains { file in
            guard let facts = FileFacts(file.path) else { return false }
            return file.length > 0 || facts.size > 0 || !facts.isFile
        }
    }

    /// Whether all files are there with their whole length.
    var hasAllFiles: Bool {
        files.allSatisfy { file in
            guard let facts = FileFacts(file.path) else { return file.length == 0 }
            return facts.isFile && facts.size == file.length
        }
    }

    /// Removes the files and the folders that are empty then. Nothing behind a link is touched.
    func remove() {
        guard !info.isSingleFile else {
            FileRemoval.file(root)
            return
        }
        guard FileFacts(root)?.isFolder == true else { return }
        var folders: Set<[String]> = [[]]
        for file in info.files where !file.isPadding {
            let parents = (0..<max(0, file.path.count - 1)).map { Array(file.path.prefix($0 + 1)) }
            guard parents.allSatisfy({ FileFacts(path($0))?.isFolder == true }) else { continue }
            FileRemoval.file(path(file.path))
            folders.formUnion(parents)
        }
        for folder in folders.sorted(by: { $0.count > $1.count }) { FileRemoval.emptyFolder(path(folder)) }
    }

    private func path(_ components: [String]) -> String {
        ([root] + components).joined(separator: "/")
    }
}

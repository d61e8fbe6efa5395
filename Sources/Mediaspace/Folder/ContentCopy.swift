import Foundation
import Metainfo

/// Brings content from one place to another without ever replacing what lies there.
enum ContentCopy {
    /// Puts a torrent's whole content under another name, by hard links where the file system has them.
    ///
    /// A file that is already the same one stays. Throws `occupied` where another file lies.
    static func link(_ place: ContentPlace, to target: String) throws(SpaceError) {
        if place.root == target { return }
        for file in place.files {
            let end = file.path.dropFirst(place.root.count)
            try link(file, to: target + end)
        }
    }

    /// Moves what is there of a torrent's content, whole or not, to another place where nothing is yet.
    static func move(_ place: ContentPlace, to target: ContentPlace) throws(SpaceError) {
        let pairs = zip(place.files, target.files).filter { FileFacts($0.0.path)?.isFile == true }
        for (file, goal) in pairs { try link(file, to: goal.path) }
        place.remove()
    }

    private static func link(_ file: MediaFile, to target: String) throws(SpaceError) {
        guard let source = FileFacts(file.path), source.isFile else {
            throw SpaceError(.failed, "\(file.path) is gone.")
        }
        if let there = FileFacts(target) {
            if there.isSame(as: source) { return }
            throw SpaceError(.occupied, "\(target) exists already and is another file.")
        }
        makeParent(of: target)
        if unsafe Glibc.link(file.path, target) == 0 { return }
        try copy(file.path, to: target)
    }

    /// Copies a file or a tree; under its name it appears whole or not at all.
    static func copy(_ source: String, to target: String) throws(SpaceError) {
        guard FileFacts(target) == nil else {
            throw SpaceError(.occupied, "\(target) exists already and is another file.")
        }
        makeParent(of: target)
        let passing = "\(target.parentFolder)/.\(UUID().uuidString).part"
        do {
            try FileManager.default.copyItem(atPath: source, toPath: passing)
            // A move refuses to replace, so that a file that came meanwhile is safe.
            try FileManager.default.moveItem(atPath: passing, toPath: target)
        } catch {
            try? FileManager.default.removeItem(atPath: passing)
            throw SpaceError(.unavailable, "\(source) cannot be copied to \(target).")
        }
    }

    /// Writes some bytes of a torrent into a file of their own, which must not exist yet.
    static func extract(_ ranges: [Range<Int64>], of place: ContentPlace, to target: String) throws(SpaceError) {
        guard FileFacts(target) == nil else {
            throw SpaceError(.occupied, "\(target) exists already and is another file.")
        }
        makeParent(of: target)
        let passing = "\(target.parentFolder)/.\(UUID().uuidString).part"
        do {
            guard FileManager.default.createFile(atPath: passing, contents: nil),
                let handle = FileHandle(forWritingAtPath: passing)
            else { throw SpaceError(.unavailable, "\(target) cannot be written.") }
            defer { try? handle.close() }
            for range in ranges {
                try ContentReader(place: place).read(range) { try handle.write(contentsOf: $0) }
            }
            try FileManager.default.moveItem(atPath: passing, toPath: target)
        } catch {
            try? FileManager.default.removeItem(atPath: passing)
            throw error as? SpaceError ?? SpaceError(.unavailable, "\(target) cannot be written.")
        }
    }

    private static func makeParent(of path: String) {
        try? FileManager.default.createDirectory(atPath: path.parentFolder, withIntermediateDirectories: true)
    }
}

extension String {
    /// The folder a path lies in.
    var parentFolder: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }

    /// The last component of a path.
    var lastComponent: String { split(separator: "/").last.map(String.init) ?? "" }
}

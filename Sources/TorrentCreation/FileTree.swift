import Glibc

/// The regular files below a folder, in the order of their paths, or one file by itself.
///
/// The order is that of the path components' bytes, so that the same tree gives the same torrent everywhere. Links to
/// files inside the tree count as files; every other link is refused, so that nothing from outside is shared unseen.
struct FileTree: Sendable {
    /// One file of the tree.
    struct Entry: Equatable, Sendable {
        /// The path below the root; empty when the root is the file.
        let components: [String]
        let length: Int64
        /// Where the file starts when all files are put after one another.
        var offset: Int64 = 0
    }

    private static let fileLimit = 200_000
    private static let depthLimit = 100

    let root: String
    let isFolder: Bool
    private(set) var entries: [Entry] = []

    var totalLength: Int64 { entries.last.map { $0.offset + $0.length } ?? 0 }

    init(path: String) throws(TorrentCreationError) {
        guard let root = realPath(of: path) else { throw .unreadable(path: path, code: errno) }
        self.root = root
        let kind = try FileKind(path: root, followingLinks: true)
        isFolder = kind == .folder
        switch kind {
        case .file(let length): entries = [Entry(components: [], length: length)]
        case .folder: try walk()
        case .link, .other: throw .notAFile(path: path)
        }
    }

    /// The tree with each file beginning on a piece, as version 2 lays them out. Throws `.treeTooLarge` beyond 63 bits.
    func aligned(to pieceLength: Int) throws(TorrentCreationError) -> FileTree {
        var tree = self
        var offset: Int64 = 0
        for index in entries.indices {
            let rest = offset % Int64(pieceLength)
            if entries[index].length > 0, rest > 0 { offset = try Self.sum(offset, Int64(pieceLength) - rest) }
            tree.entries[index].offset = offset
            offset = try Self.sum(offset, entries[index].length)
        }
        return tree
    }

    private static func sum(_ left: Int64, _ right: Int64) throws(TorrentCreationError) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw .treeTooLarge }
        return sum
    }

    /// The path of an entry on this machine.
    func path(of entry: Entry) -> String { Self.join(root, entry.components) }

    private static func join(_ root: String, _ components: [String]) -> String {
        ([root == "/" ? "" : root] + components).joined(separator: "/")
    }

    private mutating func walk() throws(TorrentCreationError) {
        var folders: [[String]] = [[]]
        var found: [Entry] = []
        while let folder = folders.popLast() {
            guard folder.count < Self.depthLimit else { throw .treeTooLarge }
            for name in try namesInFolder(Self.join(root, folder)) {
                let components = folder + [name]
                switch try kind(of: components) {
                case .folder: folders.append(components)
                case .file(let length): found.append(Entry(components: components, length: length))
                case .link, .other: throw .notAFile(path: Self.join(root, components))
                }
                guard found.count + folders.count <= Self.fileLimit else { throw .treeTooLarge }
            }
        }
        found.sort { Self.comesBefore($0.components, $1.components) }
        entries = try Self.placed(found)
    }

    private func kind(of components: [String]) throws(TorrentCreationError) -> FileKind {
        let path = Self.join(root, components)
        let kind = try FileKind(path: path, followingLinks: false)
        guard kind == .link else { return kind }
        guard let target = realPath(of: path), target.utf8.starts(with: (root == "/" ? "/" : root + "/").utf8) else {
            throw .linkRefused(path: path)
        }
        let targetKind = try FileKind(path: target, followingLinks: false)
        guard case .file = targetKind else { throw .linkRefused(path: path) }
        return targetKind
    }

    private static func placed(_ entries: [Entry]) throws(TorrentCreationError) -> [Entry] {
        var offset: Int64 = 0
        var placed = entries
        for index in placed.indices {
            placed[index].offset = offset
            offset = try sum(offset, placed[index].length)
        }
        return placed
    }

    private static func comesBefore(_ first: [String], _ second: [String]) -> Bool {
        for (left, right) in zip(first, second) where !left.utf8.elementsEqual(right.utf8) {
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
        return first.count < second.count
    }
}

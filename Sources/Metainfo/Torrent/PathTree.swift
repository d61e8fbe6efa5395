/// The folders and files of a torrent, to find paths that cannot stand beside each other. The work grows with the
/// number of components, however deep the paths are.
struct PathTree {
    private struct Entry: Hashable {
        let folder: Int
        let name: String
    }

    /// The number of each folder; -1 for files.
    private var numbers: [Entry: Int] = [:]
    private var folderCount = 0

    /// Adds a file; false when its path is taken, leads through a file or is that of a folder.
    mutating func insert(_ path: [String]) -> Bool {
        guard let name = path.last else { return false }
        var folder = 0
        for component in path.dropLast() {
            let entry = Entry(folder: folder, name: component)
            if let number = numbers[entry] {
                guard number > 0 else { return false }
                folder = number
            } else {
                folderCount += 1
                numbers[entry] = folderCount
                folder = folderCount
            }
        }
        return numbers.updateValue(-1, forKey: Entry(folder: folder, name: name)) == nil
    }
}

import Glibc

/// The files of a tree put after one another, as the pieces of a v1 torrent run over them.
struct FileTreeSource: ByteSource {
    let tree: FileTree

    func read(at offset: Int64, into out: UnsafeMutableRawBufferPointer) throws(TorrentCreationError) {
        var index = firstEntry(at: offset)
        var filled = 0
        while filled < out.count {
            guard index < tree.entries.count else { throw .truncated(path: tree.root) }
            let entry = tree.entries[index]
            let start = offset + Int64(filled) - entry.offset
            let count = Int(min(entry.length - start, Int64(out.count - filled)))
            if count > 0 {
                let part = unsafe UnsafeMutableRawBufferPointer(rebasing: out[filled..<filled + count])
                try unsafe read(entry, at: start, into: part)
                filled += count
            }
            index += 1
        }
    }

    private func read(
        _ entry: FileTree.Entry, at offset: Int64, into out: UnsafeMutableRawBufferPointer
    ) throws(TorrentCreationError) {
        let path = tree.path(of: entry)
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
        defer { close(descriptor) }
        try unsafe readFully(descriptor, at: offset, into: out, path: path)
    }

    /// The last entry that starts at or before `offset` (empty ones before it do no harm): a binary search.
    private func firstEntry(at offset: Int64) -> Int {
        var low = 0
        var high = tree.entries.count
        while low < high {
            let middle = (low + high) / 2
            if tree.entries[middle].offset + tree.entries[middle].length <= offset {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

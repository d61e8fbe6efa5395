import Glibc
public import Metainfo

/// The content of a torrent in the files below a folder: `folder/name` for a single file, `folder/name/path...` for
/// several. Nothing outside the folder is read, and nothing through symbolic links; padding is zeros (BEP 47).
public struct StorageContent: ContentSource {
    private let storage: TorrentStorage

    /// The files of a torrent below `folder`; nothing is opened yet.
    public init(info: TorrentInfo, folder: String) { self.init(TorrentStorage(info: info, folder: folder)) }

    /// The files of a storage that may still be written to.
    init(_ storage: TorrentStorage) { self.storage = storage }

    /// Opens the file where there is one; several are opened as they are read.
    public func open() async throws -> ContentFile {
        guard let only = storage.wholeFile else { return ContentFile(storage: storage) }
        do throws(StorageError) {
            let descriptor = try storage.readable(only)
            guard let facts = descriptor.facts else { throw .unreadable(path: storage.contentPath, errno: 0) }
            return ContentFile(descriptor: descriptor.number, size: Int64(facts.st_size), ownedBy: descriptor)
        } catch {
            throw ContentError(error)
        }
    }

    /// Closes the files; the next read opens them anew.
    public func discard() async { storage.closeFiles() }
}

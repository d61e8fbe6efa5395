/// The content of a torrent in one file of the file system.
public struct FileContent: ContentSource {
    /// Path of the file.
    public let path: String

    /// Content at `path`; nothing is opened yet.
    public init(path: String) { self.path = path }

    /// Opens the file anew.
    public func open() async throws -> ContentFile { try ContentFile(opening: path) }
}

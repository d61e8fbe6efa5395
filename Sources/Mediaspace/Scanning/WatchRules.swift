/// How a folder is watched.
public struct WatchRules: Sendable, Hashable {
    /// The folder; everything below it is looked at, but hidden files and links.
    public var folder: String
    /// Where the content of .torrent files may lie besides their own folder.
    public var contentFolder: String?
    /// How long there is between two looks, and how long a file has to rest before it is touched.
    public var interval: Duration
    /// How the torrents of new films are made; `copies` and `writesTorrent` do not count here: films stay where they lie,
    /// and each gets its .torrent beside it.
    public var putOptions: PutOptions
    /// Whether films without a .torrent get one; else only .torrent files are taken up.
    public var makesTorrents = true

    /// Rules by their parts.
    public init(
        folder: String, contentFolder: String? = nil, interval: Duration = .seconds(60),
        putOptions: PutOptions = PutOptions()
    ) {
        self.folder = SpaceFolder.absolute(folder)
        self.contentFolder = contentFolder.map(SpaceFolder.absolute)
        self.interval = interval
        self.putOptions = putOptions
    }
}

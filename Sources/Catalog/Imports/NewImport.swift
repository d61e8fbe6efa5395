public import Metainfo

/// An import that is asked for.
public struct NewImport: Sendable, Equatable {
    /// Who asks.
    public var ownerID: UserID
    /// The bytes of a .torrent or the text of a magnet link, at most 10 MiB.
    public var source: [UInt8]
    /// The hash that peers know the torrent by.
    public var infoHash: InfoHash
    /// What it is called before its metadata is known; may be empty.
    public var name: String
    /// The words of the video to be.
    public var words: ImportWords

    /// Makes a request from its parts.
    public init(ownerID: UserID, source: [UInt8], infoHash: InfoHash, name: String, words: ImportWords) {
        self.ownerID = ownerID
        self.source = source
        self.infoHash = infoHash
        self.name = name
        self.words = words
    }
}

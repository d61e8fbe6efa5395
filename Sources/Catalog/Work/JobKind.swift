/// What a background job does; its text is stored.
public struct JobKind: RawRepresentable, Hashable, Sendable {
    /// The stored text.
    public let rawValue: String
    /// Names a kind; letters and underscores.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Makes a content's picture.
    public static let thumbnail = JobKind(rawValue: "thumbnail")
    /// Reads a whole content for its clip index.
    public static let packetScan = JobKind(rawValue: "packet_scan")
    /// Removes the chunks of a content that no video uses.
    public static let deleteChunks = JobKind(rawValue: "delete_chunks")
    /// Makes the torrents of contents uploaded while BitTorrent was off.
    public static let missingTorrents = JobKind(rawValue: "missing_torrents")
}

/// What a background job does; its text is stored.
public struct JobKind: RawRepresentable, Hashable, Sendable {
    /// The stored text.
    public let rawValue: String
    /// Names a kind; letters and underscores.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Makes a content's picture.
    public static let thumbnail = JobKind(rawValue: "thumbnail")
    /// Makes a content's clip index, from its tables or from all its packets.
    public static let clipIndex = JobKind(rawValue: "clip_index")
    /// Makes a content's sheet of small pictures.
    public static let storyboard = JobKind(rawValue: "storyboard")
    /// Makes a film of its own out of a clip, whose number is the payload.
    public static let materialise = JobKind(rawValue: "materialise")
    /// Removes the chunks of a content that no video uses.
    public static let deleteChunks = JobKind(rawValue: "delete_chunks")
    /// Makes the torrents of contents uploaded while BitTorrent was off.
    public static let missingTorrents = JobKind(rawValue: "missing_torrents")
}

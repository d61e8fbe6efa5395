public import Metainfo

/// A film on its way from a swarm of others to this site.
public struct Import: Sendable, Equatable {
    /// Its number.
    public let id: ImportID
    /// Who imports it.
    public let ownerID: UserID
    /// The hash that peers know the torrent by.
    public let infoHash: InfoHash
    /// The torrent's name, or the magnet link's. Text from outside: escape it.
    public let name: String
    /// The words of the video to be; an empty title is made from the file's name.
    public let words: ImportWords
    /// How far it is.
    public let state: ImportState
    /// What may be chosen, where there are several films.
    public let files: [ImportFile]
    /// The number of the chosen file.
    public let chosenFile: Int?
    /// How the fetching stands.
    public let progress: ImportProgress
    /// Why it failed, or what is to be known of how it ended: a sentence.
    public let reason: String
    /// The slug of the video it became.
    public let videoSlug: Slug?
    /// When it was asked for.
    public let createdAt: Timestamp

    /// Makes an import from its parts.
    public init(
        id: ImportID, ownerID: UserID, infoHash: InfoHash, name: String, words: ImportWords, state: ImportState,
        files: [ImportFile], chosenFile: Int?, progress: ImportProgress, reason: String, videoSlug: Slug?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.ownerID = ownerID
        self.infoHash = infoHash
        self.name = name
        self.words = words
        self.state = state
        self.files = files
        self.chosenFile = chosenFile
        self.progress = progress
        self.reason = reason
        self.videoSlug = videoSlug
        self.createdAt = createdAt
    }
}

extension Import {
    /// Names the publishing of this import, so that it is done once however often it is begun.
    public var idempotencyKey: String { "import-\(id.rawValue)" }
}

/// What the publisher said about the video to be; checked when it was given.
public struct ImportWords: Sendable, Equatable {
    /// The title; empty to take the file's name.
    public var title: String
    /// The description.
    public var description: String
    /// The tags.
    public var tags: [String]

    /// Makes words from their parts.
    public init(title: String, description: String, tags: [String]) {
        self.title = title
        self.description = description
        self.tags = tags
    }
}

/// How the fetching of an import stands.
public struct ImportProgress: Sendable, Equatable {
    /// Bytes of the film; 0 until that is known.
    public var wanted: Int64
    /// Of these, the bytes that are there and checked.
    public var fetched: Int64
    /// Bytes a second.
    public var rate: Double
    /// Peers connected.
    public var peers: Int

    /// Makes progress from its parts.
    public init(wanted: Int64 = 0, fetched: Int64 = 0, rate: Double = 0, peers: Int = 0) {
        self.wanted = wanted
        self.fetched = fetched
        self.rate = rate
        self.peers = peers
    }
}

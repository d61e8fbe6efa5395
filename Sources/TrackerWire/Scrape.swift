public import Metainfo

/// A question for the counts of torrents (BEP 48).
public struct ScrapeRequest: Hashable, Sendable {
    /// The torrents, at least one.
    public var infoHashes: [InfoHash]

    /// The most torrents one request may name: what fits into a UDP packet (BEP 15).
    public static let maximumHashes = 74

    /// A question by its torrents.
    public init(infoHashes: [InfoHash]) { self.infoHashes = infoHashes }
}

/// The counts of one torrent.
public struct ScrapeCounts: Hashable, Sendable {
    /// How many clients have everything.
    public var complete: UInt32
    /// How often it was completed ever.
    public var downloaded: UInt32
    /// How many clients do not have everything.
    public var incomplete: UInt32
    /// How many of those still download; the others want no more (BEP 21). Not over UDP.
    public var downloaders: UInt32?

    /// Counts by their numbers.
    public init(complete: UInt32, downloaded: UInt32, incomplete: UInt32, downloaders: UInt32? = nil) {
        self.complete = complete
        self.downloaded = downloaded
        self.incomplete = incomplete
        self.downloaders = downloaders
    }
}

/// The counts of the torrents a tracker knows of those it was asked for.
public struct ScrapeAnswer: Hashable, Sendable {
    /// Counts by torrent.
    public var files: [InfoHash: ScrapeCounts]
    /// Seconds to wait before the next scrape.
    public var minRequestInterval: UInt32?

    /// An answer by its counts.
    public init(files: [InfoHash: ScrapeCounts], minRequestInterval: UInt32? = nil) {
        self.files = files
        self.minRequestInterval = minRequestInterval
    }
}

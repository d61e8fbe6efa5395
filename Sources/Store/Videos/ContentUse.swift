public import Catalog
public import Metainfo

/// Who still uses a content after one of its videos has changed.
public struct ContentUse: Equatable, Sendable {
    /// The content.
    public let mediaID: MediaID
    /// Its torrent's hash, where it has (or had) one.
    public let infoHash: InfoHash?
    /// Published videos that show it; at 0 tracker and seeder let go.
    public let publishedVideos: Int
    /// Videos that show it in any state; at 0 its chunks are being deleted by a job.
    public let videos: Int
}

public import Catalog

/// How a later-made torrent met the torrents that were there.
public enum TorrentAttachment: Equatable, Sendable {
    /// The content has this torrent now, or had it already.
    case attached
    /// Another content has the same info hash: the videos point to that content now, and this one is being deleted.
    case merged(into: MediaID)
}

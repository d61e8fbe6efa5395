/// Which versions of BitTorrent a torrent is made for.
public enum TorrentFormat: String, CaseIterable, Sendable {
    /// Version 1 (BEP 3): every client can use it.
    case v1
    /// Both: clients of either version share the same files (BEP 52).
    case hybrid
    /// Version 2 alone (BEP 52): every block can be verified, and equal files have equal hashes.
    case v2

    /// Whether version 1 clients can use it.
    public var hasV1: Bool { self != .v2 }
    /// Whether it has the trees of version 2.
    public var hasV2: Bool { self != .v1 }
}

extension TorrentInfo {
    /// Which versions the torrent was made for.
    public var format: TorrentFormat { hasV2 ? (hasV1 ? .hybrid : .v2) : .v1 }
}

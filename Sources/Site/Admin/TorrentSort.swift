import Store

/// How the admin's list of torrents is ordered.
enum TorrentSort: String, CaseIterable {
    case newest, title, size, seeders, leechers, completed, sent

    /// The order that a query names; newest first for none and for what is none.
    init(query text: String?) { self = text.flatMap { TorrentSort(rawValue: $0) } ?? .newest }

    /// What the database orders by. Swarms are counted in memory, so they are ordered here afterwards.
    var stored: TorrentOrder { TorrentOrder(rawValue: rawValue) ?? .newest }

    /// What the swarms are ordered by, most first; nil where the database has done it.
    var counted: (@Sendable (SwarmCounts) -> Int)? {
        switch self {
        case .seeders: { $0.seeders }
        case .leechers: { $0.leechers }
        default: nil
        }
    }

    /// The word on the link.
    var words: String {
        switch self {
        case .newest: "Newest"
        case .title: "Title"
        case .size: "Size"
        case .seeders: "Seeders"
        case .leechers: "Leechers"
        case .completed: "Completed"
        case .sent: "Sent"
        }
    }
}

import Metainfo

/// What happens at a web seed, told on the event loop of its torrent.
enum WebSeedEvent: Sendable {
    /// Blocks arrived, in the torrent's order.
    case blocks([WebSeedBlock])
    /// The span was fetched whole.
    case finished
    /// Nothing more comes of the span; the server may be asked again after that time.
    case resting(Duration, reason: String)
    /// Nothing more comes of the span; the server lacks these pieces, and may be asked for others.
    case lacks(ClosedRange<PieceIndex>, reason: String)
    /// Nothing comes from this server any more.
    case useless(reason: String)
}

/// Who named a peer. What is named first in this list is dialled first.
enum PeerSource: Int, Sendable, CaseIterable, Comparable {
    /// The operator.
    case `operator`
    /// The magnet link (`x.pe`).
    case magnet
    /// The local network (BEP 14).
    case local
    /// A tracker.
    case tracker
    /// A peer (BEP 11).
    case exchange
    /// The DHT (BEP 5).
    case dht
    /// The peer itself: it connected to us and told its port.
    case itself

    /// Whether anybody may be told and name others there: of no use to a private torrent (BEP 27).
    var isOpen: Bool { self == .local || self == .exchange || self == .dht }

    static func < (left: PeerSource, right: PeerSource) -> Bool { left.rawValue < right.rawValue }
}

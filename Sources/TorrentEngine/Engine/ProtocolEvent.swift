public import ByteCoding
public import Metainfo

/// One line of the readable protocol log: a message, a connection, an announce or a decision, in words.
public struct ProtocolEvent: Sendable, Equatable {
    /// Which way it went.
    public enum Direction: String, Sendable {
        /// From us to the peer or tracker.
        case sent
        /// From the peer or tracker to us.
        case received
        /// Something we decided or noticed.
        case noted
    }

    /// The torrent; nil before a handshake has named one.
    public var infoHash: InfoHash?
    /// The peer; nil for what concerns none.
    public var peer: Endpoint?
    /// Which way it went.
    public var direction: Direction
    /// What it was. Parts may be text from outside.
    public var text: String

    /// An event by its parts.
    public init(infoHash: InfoHash? = nil, peer: Endpoint? = nil, direction: Direction, text: String) {
        self.infoHash = infoHash
        self.peer = peer
        self.direction = direction
        self.text = text
    }
}

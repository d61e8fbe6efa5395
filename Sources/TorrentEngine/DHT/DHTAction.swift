import ByteCoding
import Metainfo

/// What the node's rules want done.
enum DHTAction: Sendable, Equatable {
    /// A datagram is to be sent.
    case send([UInt8], to: Endpoint)
    /// Peers of a torrent have been found that this search had not found before.
    case found(InfoHash, [Endpoint])
}

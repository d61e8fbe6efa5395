import ByteCoding
import PeerWire

/// What came of a peer exchange message.
struct PeerExchangeNews: Sendable, Equatable {
    /// Peers that may be dialled, each told by this peer for the first time.
    var peers: [PeerExchangeMessage.Peer] = []
    /// The class of the address of the peer that told of them.
    var namedFrom = AddressScope.public
    /// Whether the peer sends such messages far too often; its connection may be closed.
    var isFlood = false
}

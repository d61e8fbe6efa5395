import ByteCoding
import Dialling

/// What may be told and believed by peer exchange (BEP 11).
struct PeerExchangeRules: Sendable {
    /// The least time between two messages to one peer.
    var interval = Duration.seconds(60)
    /// The least time between two messages of one peer; those that come sooner are passed over. Shorter than the
    /// interval, since messages wait on the way.
    var shortestInterval = Duration.seconds(45)
    /// After how many messages that came too soon a peer is called a flooder.
    var patience = 5
    /// The most peers of each kind in a message.
    var peersPerMessage = 50
    /// The most peers believed of one peer over time; those it drops make room.
    var peersPerSource = 200
    /// What may be dialled.
    var dialRules = DialRules.peers
}

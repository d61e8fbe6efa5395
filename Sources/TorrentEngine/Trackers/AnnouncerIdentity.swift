import Metainfo

/// Who we are to trackers.
struct AnnouncerIdentity: Hashable, Sendable {
    /// Our name on the wire.
    var peerID: PeerID
    /// The port on which we listen for peers, 1...65535.
    var port: UInt16
    /// What stays the same when our address changes (BEP 7).
    var key: UInt32
}

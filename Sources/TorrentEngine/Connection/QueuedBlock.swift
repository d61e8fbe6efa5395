import PeerWire

/// A block a peer asked for, checked against the torrent's layout, that waits for its answer.
struct QueuedBlock: Hashable, Sendable {
    /// As it stood on the wire.
    let request: BlockRequest
    /// Where it begins in the content, in bytes.
    let offset: Int64
    /// Length in bytes, 1...128 KiB.
    var length: Int { Int(request.length) }
}

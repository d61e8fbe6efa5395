/// A connection between two peers.
struct Link {
    /// One direction of it.
    struct Flow {
        /// The receiver is served.
        var isOpen = false
        /// When that last began or ended.
        var changed = -1e9
        /// Bytes lately: a fifth is forgotten with each decision of the receiver.
        var recent = 0.0
        /// The piece under way; -1 for none.
        var piece = -1
    }

    /// Their numbers.
    let first: Int
    let second: Int
    /// From the first to the second.
    var forth = Flow()
    /// From the second to the first.
    var back = Flow()

    func other(than peer: Int) -> Int { peer == first ? second : first }

    /// The direction that begins at a peer.
    subscript(from peer: Int) -> Flow {
        get { peer == first ? forth : back }
        set { if peer == first { forth = newValue } else { back = newValue } }
    }
}

import Metainfo

/// Swarms that outlive the process.
extension SwarmStore {
    /// Takes peers of a snapshot in; returns how many, and whose counts changed.
    func restore(
        _ peers: [SnapshotPeer], completed: UInt64, to hash: InfoHash, age: Int, lifetime: UInt16, _ terms: SwarmTerms,
        heads: ClientHeads
    ) -> (peers: Int, changed: InfoHash?) {
        if !peers.isEmpty, counts(hash) == nil { _ = welcome(hash) }
        return onOriginal(hash) { state, original in
            let result = state.restore(
                peers, completed: completed, to: original, age: age, lifetime: lifetime, terms, heads: heads)
            return (result.peers, result.hasChanged ? original : nil)
        }
    }
}

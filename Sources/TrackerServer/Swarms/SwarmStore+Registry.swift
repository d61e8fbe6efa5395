import Metainfo

/// Which torrents are tracked. A hybrid torrent's two hashes may live in different shards: no two locks are ever held
/// together, each step leaves both in order.
extension SwarmStore {
    /// Begins to track a torrent, under `alias` too; returns the hash it is kept under.
    func allow(
        _ hash: InfoHash, alias: InfoHash?, completed: UInt64, size: UInt64?, _ terms: SwarmTerms
    ) -> InfoHash {
        if let alias, alias != hash {
            // A torrent in its own right from now on, even if it was another's other hash.
            separate(hash)
            on(hash) { $0.allow(hash, completed: completed, size: size) }
            join(alias, to: hash, terms)
            return hash
        }
        let original = self.original(of: hash)
        on(original) { $0.allow(original, completed: completed, size: size) }
        return original
    }

    /// Refuses a torrent under both its hashes; returns the one it is kept under.
    func refuse(_ hash: InfoHash, _ reason: RefusalReason) -> InfoHash {
        onOriginal(hash) { state, original in
            state.refuse(original, reason)
            return original
        }
    }

    /// Forgets a torrent under both its hashes; returns the one it was kept under.
    func forget(_ hash: InfoHash) -> InfoHash {
        let (original, other) = onOriginal(hash) { state, original in (original, state.forget(original)) }
        if let other { on(other) { $0.removeAlias(other, of: original) } }
        return original
    }

    private func separate(_ hash: InfoHash) {
        let original = self.original(of: hash)
        guard original != hash else { return }
        on(original) { state in
            if state.others[original] == hash { state.others[original] = nil }
        }
        on(hash) { $0.removeAlias(hash, of: original) }
    }

    private func join(_ alias: InfoHash, to hash: InfoHash, _ terms: SwarmTerms) {
        let former = on(hash) { $0.setOther(alias, of: hash) }
        if let former, former != alias { on(former) { $0.removeAlias(former, of: hash) } }
        let known = on(alias) { $0.setAlias(alias, of: hash) }
        if let swarm = known.swarm { on(hash) { $0.merge(swarm, into: hash, terms) } }
        if known.isSeededHere { on(hash) { _ = $0.setSeededHere(hash, true) } }
    }
}

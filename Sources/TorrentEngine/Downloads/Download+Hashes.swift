import Metainfo
import PeerWire

/// Hashes of version 2 from peers (BEP 52).
extension Download {
    func startHashFetch() {
        guard let info, info.hasV2, let layers = known.layers else {
            scheduler?.pause(false)
            return
        }
        var fetch = HashFetch(layers: layers)
        for peer in active.peers.values where peer.isVersion2 { fetch.join(peer.number) }
        hashFetch = fetch
        // Without version 1 hashes nothing could be checked.
        scheduler?.pause(!info.hasV1 && !layers.isComplete)
    }

    func askHashes(now: ContinuousClock.Instant) {
        for (number, request) in hashFetch?.next(now: now) ?? [] {
            active.peers[number]?.send(.hashRequest(request))
            active.peers[number]?.flush()
        }
    }

    func received(_ hashes: [UInt8], for request: HashRequest, from peer: PeerHandler) {
        switch hashFetch?.receive(request, hashes: hashes, from: peer.number) {
        case .bad: ban(peer.number, for: .badHashes)
        case .leaves(let piece, let leaves):
            known.set(leaves: leaves, of: piece)
            for liar in blame.learned(leaves: leaves, of: piece) { ban(liar, for: .badData) }
        case .layer: learnedLayer()
        case .unasked, .stored, nil: break
        }
    }

    private func learnedLayer() {
        guard let layers = hashFetch?.layers else { return }
        known.set(layers)
        active.layers = .known(layers)
        isChanged = true
        guard layers.isComplete else { return }
        note("piece layers are complete")
        scheduler?.pause(false)
        retryUnverified()
    }
}

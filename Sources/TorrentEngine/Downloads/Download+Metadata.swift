import Metainfo
import PeerWire

/// The torrent's `info` from peers (BEP 9).
extension Download {
    func askMetadata(now: ContinuousClock.Instant) {
        for request in fetch?.next(now: now) ?? [] {
            guard let peer = active.peers[request.peer] else { continue }
            if let message = peer.connection?.askMetadata(piece: request.piece) { peer.send(message) }
            peer.flush()
        }
    }

    func received(_ message: MetadataMessage, from peer: PeerHandler, now: ContinuousClock.Instant) {
        switch message {
        case .reject(let piece): fetch?.rejected(peer.number, piece: piece, now: now)
        case .data(let piece, let totalSize, let block):
            switch fetch?.received(peer.number, piece: piece, totalSize: totalSize, block: block) {
            case .complete(let bytes): decode(bytes)
            case .wrong(let liar?):
                note("metadata is wrong; the peer is banned", peer: formerPeers[liar])
                ban(liar, for: .badMetadata)
            case .wrong(nil): note("metadata is wrong; asking one peer at a time")
            case .incomplete, nil: break
            }
        case .request, .unknown: break
        }
    }

    private func decode(_ bytes: [UInt8]) {
        fetch = nil
        let run = run
        onHashers(
            { () -> Result<Torrent, MetainfoError> in
                do throws(MetainfoError) { return .success(try Torrent(infoBytes: bytes)) } catch {
                    return .failure(error)
                }
            },
            then: { result in
                guard run == self.run else { return }
                switch result {
                case .success(let torrent): self.learned(torrent)
                case .failure(let error): self.fail("The torrent's metadata cannot be used: \(error).")
                }
            })
    }

    /// Peers that came before the metadata tell what they have.
    func learnLayout(_ peer: PeerHandler) {
        guard let layout = info?.layout, let connection = peer.connection, connection.layout == nil else { return }
        let now = ContinuousClock.now
        scheduler?.join(peer.number, isFast: connection.isFast, now: now)
        peer.connection?.answersHashes = info?.hasV2 ?? false
        if peer.isVersion2 { hashFetch?.join(peer.number) }
        let actions = peer.connection?.learn(layout) ?? []
        peer.setMessageLimits()
        peer.perform(actions)
        if peer.connection?.isChokingUs == false { scheduler?.unchoked(peer.number, now: now) }
        if let queue = connection.extensions.requestQueue { scheduler?.setRequestBudget(peer.number, maximum: queue) }
        for index in 0..<have.count where have[index] {
            if let message = peer.connection?.offer(PieceIndex(UInt32(index))) { peer.send(message) }
        }
        peer.sendExtensionHandshake()
        peer.flush()
    }
}

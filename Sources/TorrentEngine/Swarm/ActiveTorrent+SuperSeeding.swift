import Metainfo
import PeerWire

/// Single pieces shown to single peers while we are the only seed (BEP 16).
extension ActiveTorrent {
    /// Begins when nobody is connected: what a peer was told cannot be taken back.
    func beginSuperSeeding() {
        guard superSeeding == nil, !knowsSeed, peers.isEmpty, torrent.layout.pieceCount > 1 else { return }
        superSeeding = SuperSeeding(pieceCount: torrent.layout.pieceCount)
        download?.note("super seeding")
    }

    /// The pieces a new peer is told that we have, of those we have; nil for all.
    func offered(of have: Bitfield?) -> Bitfield? {
        superSeeding == nil ? have : Bitfield(count: torrent.layout.pieceCount)
    }

    func showPieces(to peer: PeerHandler, now: ContinuousClock.Instant) {
        guard superSeeding != nil, let have = peer.connection?.have else { return }
        show(superSeeding?.join(peer.number, have: have, now: now) ?? [])
    }

    /// A peer has told something; what it has decides what others are shown.
    func heard(_ event: PeerEvent, from peer: PeerHandler) {
        if superSeeding != nil {
            let now = ContinuousClock.now
            switch event {
            case .owns(let pieces): show(superSeeding?.owns(peer.number, pieces, now: now) ?? [])
            case .ownsPiece(let piece): show(superSeeding?.has(peer.number, piece, now: now) ?? [])
            default: break
            }
            endWhenOver()
        }
        download?.heard(event, from: peer)
    }

    func tickSuperSeeding(now: ContinuousClock.Instant) {
        guard superSeeding != nil else { return }
        show(superSeeding?.tick(now: now) ?? [])
        endWhenOver()
    }

    private func endWhenOver() {
        guard superSeeding?.isOver == true else { return }
        knowsSeed = true
        endSuperSeeding()
    }

    /// Everybody is told of everything.
    func endSuperSeeding() {
        guard let ended = superSeeding else { return }
        superSeeding = nil
        download?.note("super seeding ends")
        for peer in peers.values {
            for piece in ended.hidden(from: peer.number) {
                if let message = peer.connection?.offer(piece) { peer.send(message) }
            }
            peer.flush()
        }
    }

    private func show(_ offers: [SuperSeeding.Offer]) {
        for offer in offers {
            guard let peer = peers[offer.peer], let message = peer.connection?.offer(offer.piece) else { continue }
            peer.send(message)
            peer.flush()
        }
    }
}

import ByteCoding
import Logging
import Metainfo
import NIOCore
import PeerWire

/// Connections come, shake hands and go.
extension EngineCore {
    /// Peers remembered for having taken more than everything.
    private static let goneLimit = 4_096
    /// A connection silent for this long gives way to a new one of the same peer.
    private static let staleAfter: Duration = .seconds(30)

    /// Puts the handler into a new channel.
    func attach(_ channel: any Channel, origin: PeerHandler.Origin) throws {
        let peer = PeerHandler(number: nextPeerNumber(), origin: origin, core: self)
        try channel.pipeline.syncOperations.addHandler(peer)
    }

    /// The connection stands. Returns why it may not stay.
    func connected(_ peer: PeerHandler) -> PeerCloseReason? {
        pending[peer.number] = peer
        connectionCount += 1
        guard let remote = peer.remote else { return .connectionLost }
        connectionsByAddress[remote.address, default: 0] += 1
        startTicking()
        guard !isStopping else { return .engineStopping }
        guard isEnabled else { return .switchedOff }
        guard connectionCount <= limits.connections else { return .tooManyConnections }
        let isCounted = remote.address.scope != .loopback
        let fromThere = connectionsByAddress[remote.address] ?? 0
        return isCounted && fromThere > limits.connectionsPerAddress ? .tooManyConnections : nil
    }

    /// Our handshake for a torrent.
    func handshake(for hash: InfoHash) -> PeerHandshake {
        PeerHandshake(features: [.fast, .extensions], infoHash: hash, peerID: identity.peerID)
    }

    /// The peer's handshake has come: finds the torrent and opens the conversation, or throws why not. A peer that
    /// connected to us learns nothing when it is refused: not a byte is sent.
    func open(_ peer: PeerHandler, handshake: PeerHandshake, now: ContinuousClock.Instant) throws(PeerCloseReason) {
        guard isEnabled, !isStopping, let torrent = seeded(handshake.infoHash) else { throw .unknownTorrent }
        if case .outgoing(let key) = peer.origin, key.hash != handshake.infoHash { throw .wrongTorrent }
        guard handshake.peerID != identity.peerID else { throw .ourselves }
        let active = activate(torrent, now: now)
        guard active.peers.count < limits.connectionsPerTorrent else { throw .tooManyConnections }
        try replaceDuplicate(of: handshake.peerID, in: active, now: now)
        let gone = GonePeer(hash: torrent.infoHash, peerID: handshake.peerID)
        let connection = PeerConnection(
            handshake: handshake, layout: torrent.layout, limits: limits, takenBefore: takenByGone[gone] ?? 0, now: now)
        pending[peer.number] = nil
        active.peers[peer.number] = peer
        metrics.handshakeDone()
        exchanges.watch(torrent.infoHash)
        if peer.origin == .incoming, peer.remote?.address.scope == .public { lastInbound = now }
        dialSucceeded(peer)
        let answer = peer.origin == .incoming ? self.handshake(for: handshake.infoHash) : nil
        peer.open(connection, torrent: active, answer: answer)
        if connection.isExtended { loadInfo(of: active) }
        peer.sendExtensionHandshake()
    }

    /// The connection has ended.
    func disconnected(_ peer: PeerHandler, reason: PeerCloseReason) {
        connectionCount -= 1
        pending[peer.number] = nil
        if let address = peer.remote?.address, let count = connectionsByAddress[address] {
            connectionsByAddress[address] = count > 1 ? count - 1 : nil
        }
        metrics.connectionClosed(reason)
        let now = ContinuousClock.now
        if let torrent = peer.torrent { leave(peer, torrent, now: now) }
        dialEnded(peer, reason: reason, now: now)
        logger.debug(
            "peer closed",
            metadata: [
                "peer": "\(peer.remote.map(String.init(describing:)) ?? "-")", "reason": "\(reason.rawValue)",
                "hash": "\(peer.torrent.map { $0.torrent.infoHash.hex } ?? "-")",
                "uploaded": "\(peer.serving.uploaded)",
            ])
    }

    private func leave(_ peer: PeerHandler, _ torrent: ActiveTorrent, now: ContinuousClock.Instant) {
        torrent.peers[peer.number] = nil
        torrent.usedAt = now
        uploads.add(UInt64(max(0, peer.serving.sinceTick)), to: torrent.torrent.infoHash)
        if seeded(torrent.torrent.infoHash) != nil { peer.noteExchange() }
        if let connection = peer.connection, connection.taken > torrent.torrent.layout.totalLength {
            if takenByGone.count >= Self.goneLimit { takenByGone.removeAll() }
            takenByGone[GonePeer(hash: torrent.torrent.infoHash, peerID: connection.remoteID)] = connection.taken
        }
        if peer.connection?.isChoked == false { torrent.assignSlots(now: now) }
    }

    private func activate(_ torrent: SeededTorrent, now: ContinuousClock.Instant) -> ActiveTorrent {
        if let known = active[torrent.infoHash] { return known }
        let made = ActiveTorrent(torrent, limits: limits, now: now)
        active[torrent.infoHash] = made
        return made
    }

    /// One connection per peer id: the older one stays unless it is silent.
    private func replaceDuplicate(
        of peerID: PeerID, in torrent: ActiveTorrent, now: ContinuousClock.Instant
    ) throws(PeerCloseReason) {
        let other = torrent.peers.values.first { $0.closing == nil && $0.connection?.remoteID == peerID }
        guard let other, let heard = other.connection?.lastHeard else { return }
        guard now - heard > Self.staleAfter else { throw .duplicate }
        other.close(.duplicate)
    }
}

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
    func attach(_ channel: any Channel, origin: PeerHandler.Origin, encrypts: Bool = false) throws {
        let peer = PeerHandler(number: nextPeerNumber(), origin: origin, core: self)
        let pipeline = channel.pipeline.syncOperations
        switch origin {
        case .incoming where encryption != .off && isEnabled:
            try pipeline.addHandler(
                EncryptionHandler(
                    responder: encryption, buffer: cipherBuffer, timeout: limits.handshakeTimeout
                ) { [unowned self] in obfuscated.find($0) })
        case .outgoing(let key) where encrypts:
            try pipeline.addHandler(
                EncryptionHandler(
                    initiatorFor: key.hash, policy: encryption, buffer: cipherBuffer,
                    timeout: limits.handshakeTimeout))
        case .incoming, .outgoing: break
        }
        try pipeline.addHandler(peer)
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

    /// Our handshake for a torrent, under one of its hashes.
    func handshake(for hash: InfoHash) -> PeerHandshake {
        var features: PeerHandshake.Features = [.fast, .extensions]
        if let torrent = seeded(hash) {
            if !torrent.aliases.isEmpty { features.insert(.v2) }
            if dht != nil, downloads[torrent.infoHash]?.isPrivate == false { features.insert(.dht) }
        }
        return PeerHandshake(features: features, infoHash: hash, peerID: identity.peerID)
    }

    /// The peer's handshake has come: finds the torrent and opens the conversation, or throws why not. A peer that
    /// connected to us learns nothing when it is refused: not a byte is sent.
    func open(_ peer: PeerHandler, handshake: PeerHandshake, now: ContinuousClock.Instant) throws(PeerCloseReason) {
        guard isEnabled, !isStopping, let torrent = seeded(handshake.infoHash) else { throw .unknownTorrent }
        if case .outgoing(let key) = peer.origin, seeded(key.hash)?.infoHash != torrent.infoHash { throw .wrongTorrent }
        if let hash = peer.encryption?.hash, seeded(hash)?.infoHash != torrent.infoHash { throw .wrongTorrent }
        guard handshake.peerID != identity.peerID else { throw .ourselves }
        let active = activate(torrent, now: now)
        try active.download?.admit(peer, handshake)
        guard active.peers.count < limits.connectionsPerTorrent else { throw .tooManyConnections }
        try replaceDuplicate(of: handshake.peerID, by: peer, in: active, now: now)
        if superSeeds, active.download == nil { active.beginSuperSeeding() }
        let connection = connection(handshake, with: active, now: now)
        pending[peer.number] = nil
        active.peers[peer.number] = peer
        metrics.handshakeDone()
        exchanges.watch(torrent.infoHash)
        if peer.origin == .incoming, peer.remote?.address.scope == .public { lastInbound = now }
        dialSucceeded(peer)
        let answer = peer.origin == .incoming ? self.handshake(for: handshake.infoHash) : nil
        peer.supportsDHT = handshake.supportsDHT
        peer.open(connection, torrent: active, answer: answer)
        if connection.isExtended { loadInfo(of: active) }
        peer.sendExtensionHandshake()
        active.showPieces(to: peer, now: now)
        active.download?.joined(peer, isVersion2: isVersion2(handshake, torrent), now: now)
    }

    private func connection(
        _ handshake: PeerHandshake, with active: ActiveTorrent, now: ContinuousClock.Instant
    ) -> PeerConnection {
        let torrent = active.torrent
        let gone = GonePeer(hash: torrent.infoHash, peerID: handshake.peerID)
        let takenBefore = takenByGone[gone] ?? 0
        if let download = active.download {
            return download.connection(handshake, takenBefore: takenBefore, now: now)
        }
        var connection = PeerConnection(
            handshake: handshake, layout: torrent.layout, limits: limits, offered: active.offered(of: nil),
            takenBefore: takenBefore, now: now)
        connection.tellsPieces = active.superSeeding != nil
        connection.answersHashes = torrent.loadPieceLayers != nil
        return connection
    }

    /// A peer is one of version 2 when it came under that hash, or when both handshakes had the bit (BEP 52).
    private func isVersion2(_ handshake: PeerHandshake, _ torrent: SeededTorrent) -> Bool {
        if torrent.aliases.contains(handshake.infoHash) { return true }
        if torrent.aliases.isEmpty { return downloads[torrent.infoHash]?.version1 == nil }
        return handshake.features.contains(.v2)
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
        uploadsWaiting.remove(peer.number)
        peersWaiting[peer.number] = nil
        if let torrent = peer.torrent { leave(peer, torrent, reason, now: now) }
        dialEnded(peer, reason: reason, now: now)
        logger.debug(
            "peer closed",
            metadata: [
                "peer": "\(peer.remote.map(String.init(describing:)) ?? "-")", "reason": "\(reason.rawValue)",
                "hash": "\(peer.torrent.map { $0.torrent.infoHash.hex } ?? "-")",
                "uploaded": "\(peer.serving.uploaded)",
            ])
    }

    private func leave(
        _ peer: PeerHandler, _ torrent: ActiveTorrent, _ reason: PeerCloseReason, now: ContinuousClock.Instant
    ) {
        torrent.peers[peer.number] = nil
        torrent.superSeeding?.leave(peer.number)
        torrent.download?.left(peer, reason: reason, now: now)
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

    /// One connection per peer id: the older one stays unless it is silent. When both sides dialled each other, both keep
    /// the connection that the one with the greater id began.
    private func replaceDuplicate(
        of peerID: PeerID, by peer: PeerHandler, in torrent: ActiveTorrent, now: ContinuousClock.Instant
    ) throws(PeerCloseReason) {
        let other = torrent.peers.values.first { $0.closing == nil && $0.connection?.remoteID == peerID }
        guard let other, let heard = other.connection?.lastHeard else { return }
        let isCrossed = (other.origin == .incoming) != (peer.origin == .incoming)
        let isOursKept = peerID.bytes.lexicographicallyPrecedes(identity.peerID.bytes)
        let isNewKept = isCrossed && (peer.origin != .incoming) == isOursKept
        guard isNewKept || now - heard > Self.staleAfter else { throw .duplicate }
        other.close(.duplicate)
    }
}

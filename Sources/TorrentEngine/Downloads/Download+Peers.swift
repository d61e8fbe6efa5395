import ByteCoding
import Logging
import Metainfo
import PeerWire

/// Peers come, say things and go.
extension Download {
    /// Peers remembered by their address after they have left.
    private static let formerPeersKept = 4_096
    private static let bannedIDsKept = 4_096

    // MARK: Who may come

    /// Throws when the peer may not come in.
    func admit(_ peer: PeerHandler, _ handshake: PeerHandshake) throws(PeerCloseReason) {
        guard isRunning else { throw .torrentStopped }
        let isBanned = peer.remote.map { book.isBanned($0) } ?? false
        if isBanned || bannedIDs.contains(handshake.peerID) { throw .banned }
    }

    /// The conversation with a peer that has come in.
    func connection(_ handshake: PeerHandshake, takenBefore: Int64, now: ContinuousClock.Instant) -> PeerConnection {
        let layout = scheduler == nil ? nil : info?.layout
        var connection = PeerConnection(
            handshake: handshake, layout: layout, limits: core.limits, offered: active.offered(of: have),
            isTrading: true,
            takenBefore: takenBefore, now: now)
        connection.keepsSeeds = needsPeers
        connection.answersHashes = info?.hasV2 ?? false
        return connection
    }

    /// Seeds are of use: pieces or metadata are missing.
    var needsPeers: Bool { !isUploadOnly }

    /// What our extension handshakes say.
    var extensionFacts: OurExtensions.Facts {
        OurExtensions.Facts(
            metadataSize: active.infoBytes?.count, isTrading: true, exchangesPeers: exchange != nil,
            isUploadOnly: isUploadOnly)
    }

    /// The handshakes are done.
    func joined(_ peer: PeerHandler, isVersion2: Bool, now: ContinuousClock.Instant) {
        guard let connection = peer.connection, let remote = peer.remote else { return }
        remember(peer.number, remote)
        scheduler?.join(peer.number, isFast: connection.isFast, now: now)
        if isVersion2 { hashFetch?.join(peer.number) }
        peer.isVersion2 = isVersion2
        let listener = peer.dialled
        exchange?.connected(peer.number, remote: remote.address, listener: listener, flags: [])
        if let listener { book.connected(listener) }
        if needsPeers { grantFastSet(to: peer, remote.address) }
        if core.dht != nil, !isPrivate, peer.supportsDHT { peer.send(.port(core.identity.port)) }
        note("connected", peer: remote)
    }

    /// A peer that is choked gets something to begin with (BEP 6).
    private func grantFastSet(to peer: PeerHandler, _ address: IPAddress) {
        guard let layout = info?.layout, scheduler != nil else { return }
        let pieces = AllowedFastSet.pieces(
            of: hash, for: address, pieceCount: layout.pieceCount, count: core.limits.grantedPieces)
        peer.perform(peer.connection?.grant(pieces.filter { have[$0] }) ?? [])
    }

    /// The connection has ended.
    func left(_ peer: PeerHandler, reason: PeerCloseReason, now: ContinuousClock.Instant) {
        scheduler?.leave(peer.number, now: now)
        fetch?.leave(peer.number)
        hashFetch?.leave(peer.number)
        exchange?.disconnected(peer.number)
        note("connection ended: \(reason.rawValue)", peer: peer.remote)
        settle()
    }

    private func remember(_ number: PeerNumber, _ endpoint: Endpoint) {
        if formerPeers.count >= Self.formerPeersKept {
            formerPeers = formerPeers.filter { active.peers[$0.key] != nil }
        }
        formerPeers[number] = endpoint
    }

    // MARK: What they say

    func heard(_ event: PeerEvent, from peer: PeerHandler) {
        let now = ContinuousClock.now
        switch event {
        case .owns(let pieces): owns(pieces, peer, now: now)
        case .ownsPiece(let piece):
            scheduler?.owns(peer.number, piece)
            noteSeed(peer)
        case .lostPiece(let piece): scheduler?.lost(peer.number, piece)
        case .choked: scheduler?.choked(peer.number, now: now)
        case .unchoked: scheduler?.unchoked(peer.number, now: now)
        case .rejected(let request): scheduler?.rejected(peer.number, request, now: now)
        case .allowedFast(let piece): scheduler?.allowedFast(peer.number, piece)
        case .suggested(let piece): scheduler?.suggested(peer.number, piece)
        case .extensionHandshake: introduced(peer, now: now)
        case .metadata(let message): received(message, from: peer, now: now)
        case .peerExchange(let message): received(message, from: peer, now: now)
        case .dhtPort(let port): if !isPrivate { addNode(port, of: peer) }
        case .hashRequest: break
        case .hashes(let request, let hashes): received(hashes, for: request, from: peer)
        case .hashReject(let request): hashFetch?.rejected(request, from: peer.number, now: now)
        }
    }

    private func owns(_ pieces: Bitfield, _ peer: PeerHandler, now: ContinuousClock.Instant) {
        scheduler?.owns(peer.number, pieces)
        noteSeed(peer)
    }

    /// Seeds are not dialled once nothing is wanted, and others are told that they are seeds.
    private func noteSeed(_ peer: PeerHandler) {
        guard let connection = peer.connection, connection.layout != nil,
            connection.have.isFull || connection.extensions.isUploadOnly
        else { return }
        if let endpoint = peer.listener { book.note(endpoint, isSeed: connection.have.isFull) }
        exchange?.listens(peer.number, at: peer.listener, flags: [.uploadOnly])
    }

    /// The peer's extension handshake has come.
    private func introduced(_ peer: PeerHandler, now: ContinuousClock.Instant) {
        guard let extensions = peer.connection?.extensions, let remote = peer.remote else { return }
        if let queue = extensions.requestQueue { scheduler?.setRequestBudget(peer.number, maximum: queue) }
        if let size = extensions.metadataSize, extensions.metadataID != nil { fetch?.join(peer.number, size: size) }
        if let listener = peer.listener {
            if peer.origin == .incoming {
                book.add(listener, from: .itself, namedFrom: remote.address.scope, now: now)
                book.connected(listener)
            }
            let flags: PeerExchangeMessage.Flags = extensions.isUploadOnly ? [.uploadOnly] : []
            exchange?.listens(peer.number, at: listener, flags: flags)
        }
        exchange?.takesMessages(peer.number, extensions.peerExchangeID != nil)
        noteSeed(peer)
    }

    private func received(
        _ message: PeerExchangeMessage, from peer: PeerHandler, now: ContinuousClock.Instant
    ) {
        guard !isPrivate, exchange != nil else { return }
        let identity = core.identity
        guard let news = exchange?.received(message, from: peer.number, at: now, isOurs: { identity.isOurs($0) }) else {
            return
        }
        if news.isFlood { return peer.close(.pexFlood) }
        found(news.peers.map(\.endpoint), namedFrom: news.namedFrom, source: .exchange)
    }

    private func addNode(_ port: UInt16, of peer: PeerHandler) {
        guard let address = peer.remote?.address else { return }
        core.dht?.add(Endpoint(address: address, port: port))
    }

    // MARK: Bans

    /// The peer sends bad data: it is closed and not let in again.
    func ban(_ number: PeerNumber, for reason: PeerCloseReason) {
        if let driver = webSeeds[number] {
            note("web seed \(driver.client.url) sent wrong data and is not used again")
            driver.client.blame()
            spentWebSeeds.insert(driver.client.url)
            return dropWebSeed(number)
        }
        let peer = active.peers[number]
        if let endpoint = peer?.listener ?? peer?.remote ?? formerPeers[number] {
            note("banned: \(reason.rawValue)", peer: endpoint)
            core.logger.info("peer banned", metadata: ["peer": "\(endpoint)", "reason": "\(reason.rawValue)"])
            book.ban(endpoint)
        }
        // Anybody can call itself by the id of another: only where all share one address does it tell them apart.
        if let id = peer?.connection?.remoteID, peer?.remote?.address.scope == .loopback {
            if bannedIDs.count >= Self.bannedIDsKept { bannedIDs.removeAll() }
            bannedIDs.insert(id)
        }
        peer?.close(reason)
    }
}

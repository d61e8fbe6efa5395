import ByteCoding
import Dialling
import Logging
import Metainfo
import NIOCore

/// Leechers are dialled: some cannot reach us, and some clients discard our address.
extension EngineCore {
    func consider(_ endpoint: Endpoint, for hash: InfoHash, namedFrom scope: AddressScope) {
        guard isEnabled, !isStopping, let torrent = seeded(hash) else { return }
        if let download = downloads[torrent.infoHash] {
            return download.found([endpoint], namedFrom: scope, source: .tracker)
        }
        if let refusal = identity.isOurs(endpoint) ? .ourselves : dialler.rules.refusal(of: endpoint, namedFrom: scope)
        {
            logger.debug("leecher not dialled", metadata: ["peer": "\(endpoint)", "reason": "\(refusal.rawValue)"])
            return
        }
        leechers.name(LeecherBook.Key(hash: hash, endpoint: endpoint), from: scope, now: .now)
        startTicking()
    }

    func forget(_ endpoint: Endpoint, for hash: InfoHash) {
        leechers.forget(LeecherBook.Key(hash: hash, endpoint: endpoint))
    }

    /// Dials those whose time has come, as far as there are slots.
    func dialDue(now: ContinuousClock.Instant) {
        guard isEnabled, !isStopping else { return }
        for download in downloads.running { dialDue(of: download, now: now) }
        guard !leechers.isEmpty else { return }
        for dial in leechers.due(now: now, limit: limits.dialsAtOnce - dialsUnderWay) {
            guard let torrent = seeded(dial.key.hash) else {
                leechers.forget(dial.key)
                continue
            }
            let peers = active[torrent.infoHash]?.peers
            let isFull = (peers?.count ?? 0) >= limits.connectionsPerTorrent || connectionCount >= limits.connections
            if isFull || peers?.values.contains(where: { $0.isSame(as: dial.key.endpoint) }) == true {
                leechers.postpone(dial.key, now: now, jitter: .random(in: 0...1))
            } else {
                self.dial(dial.key, namedFrom: dial.namedFrom, encrypts: encryption == .required)
            }
        }
    }

    /// Dials the peers of one torrent whose time has come.
    func dialDue(of download: Download, now: ContinuousClock.Instant) {
        guard isEnabled, !isStopping else { return }
        let room = min(
            limits.dialsAtOnce - dialsUnderWay, limits.connectionsPerTorrent - download.active.peers.count,
            limits.connections - connectionCount)
        for dial in download.book.due(now: now, limit: room, wantsSeeds: download.needsPeers) {
            if download.active.peers.values.contains(where: { $0.listener == dial.endpoint }) {
                download.book.disconnected(dial.endpoint, wasUseful: true, now: now, jitter: .random(in: 0...1))
                continue
            }
            let key = LeecherBook.Key(hash: download.hash, endpoint: dial.endpoint)
            self.dial(key, namedFrom: dial.namedFrom, encrypts: encryption.encryptsDial(attempt: dial.attempt))
        }
    }

    private func dial(_ key: LeecherBook.Key, namedFrom scope: AddressScope, encrypts: Bool) {
        dialsUnderWay += 1
        let core = NIOLoopBound(self, eventLoop: eventLoop)
        dialler.connect(to: key.endpoint, namedFrom: scope, on: eventLoop) { channel in
            channel.eventLoop.makeCompletedFuture {
                try core.value.attach(channel, origin: .outgoing(key), encrypts: encrypts)
            }
        }.assumeIsolated().whenFailure { _ in
            self.dialsUnderWay -= 1
            self.dialFailed(key, now: .now)
        }
    }

    private func dialFailed(_ key: LeecherBook.Key, now: ContinuousClock.Instant) {
        if let download = downloads[key.hash] {
            download.note("not reached", peer: key.endpoint)
            download.book.disconnected(key.endpoint, wasUseful: false, now: now, jitter: .random(in: 0...1))
        } else {
            leechers.disconnected(key, wasUseful: false, now: now, jitter: .random(in: 0...1))
        }
    }

    /// The handshake with a dialled peer is done.
    func dialSucceeded(_ peer: PeerHandler) {
        guard case .outgoing(let key) = peer.origin else { return }
        dialsUnderWay -= 1
        leechers.connected(key)
    }

    /// A connection has ended; when we had dialled it, the peer gets its next date.
    func dialEnded(_ peer: PeerHandler, reason: PeerCloseReason, now: ContinuousClock.Instant) {
        if case .outgoing = peer.origin, peer.connection == nil { dialsUnderWay -= 1 }
        if let download = peer.download { return dialEnded(peer, of: download, reason: reason, now: now) }
        guard case .outgoing(let key) = peer.origin else { return }
        switch reason {
        case .ourselves, .bothSeeds, .tookTooMuch: leechers.forget(key)
        case .duplicate: leechers.postpone(key, now: now, jitter: .random(in: 0...1))
        default: leechers.disconnected(key, wasUseful: peer.wasUseful, now: now, jitter: .random(in: 0...1))
        }
    }

    private func dialEnded(
        _ peer: PeerHandler, of download: Download, reason: PeerCloseReason, now: ContinuousClock.Instant
    ) {
        guard let endpoint = peer.listener else { return }
        switch reason {
        case .ourselves, .tookTooMuch: download.book.forget(endpoint)
        case .duplicate, .bothSeeds:
            download.book.disconnected(endpoint, wasUseful: true, now: now, jitter: .random(in: 0...1))
        default:
            download.book.disconnected(
                endpoint, wasUseful: peer.wasUseful, now: now, jitter: .random(in: 0...1))
        }
    }
}

extension PeerHandler {
    /// Where the peer takes connections: what we dialled, or the port it told; nil while that is not known.
    var listener: Endpoint? {
        if let dialled { return dialled }
        guard let remote, let port = connection?.extensions.listenPort else { return nil }
        return Endpoint(address: remote.address, port: port)
    }

    /// What we dialled.
    var dialled: Endpoint? {
        if case .outgoing(let key) = origin { key.endpoint } else { nil }
    }

    /// The download it is, or was to be, a peer of.
    fileprivate var download: Download? {
        if let torrent { return torrent.download }
        if case .outgoing(let key) = origin { return core.downloads[key.hash] }
        return nil
    }

    /// Something came of the connection.
    fileprivate var wasUseful: Bool {
        guard let connection else { return false }
        return connection.isInterested || connection.metadataBytesSent > 0 || serving.uploaded > 0
            || connection.received > connection.unwanted
    }

    /// Whether this connection is one with the leecher at `endpoint`: by the port it told, or for lack of that by its
    /// address alone.
    fileprivate func isSame(as endpoint: Endpoint) -> Bool {
        guard let remote, remote.address == endpoint.address else { return false }
        if case .outgoing(let key) = origin, key.endpoint == endpoint { return true }
        return connection?.extensions.listenPort.map { $0 == endpoint.port } ?? true
    }
}

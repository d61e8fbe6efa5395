import ByteCoding
import Dialling
import Logging
import Metainfo
import NIOCore

/// Leechers are dialled: some cannot reach us, and some clients discard our address.
extension EngineCore {
    func consider(_ endpoint: Endpoint, for hash: InfoHash, namedFrom scope: AddressScope) {
        guard isEnabled, !isStopping, seeded(hash) != nil else { return }
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
        guard isEnabled, !isStopping, !leechers.isEmpty else { return }
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
                self.dial(dial)
            }
        }
    }

    private func dial(_ dial: LeecherBook.Dial) {
        dialsUnderWay += 1
        let core = NIOLoopBound(self, eventLoop: eventLoop)
        dialler.connect(to: dial.key.endpoint, namedFrom: dial.namedFrom, on: eventLoop) { channel in
            channel.eventLoop.makeCompletedFuture { try core.value.attach(channel, origin: .outgoing(dial.key)) }
        }.assumeIsolated().whenFailure { _ in
            self.dialsUnderWay -= 1
            self.leechers.disconnected(dial.key, wasUseful: false, now: .now, jitter: .random(in: 0...1))
        }
    }

    /// The handshake with a dialled leecher is done.
    func dialSucceeded(_ peer: PeerHandler) {
        guard case .outgoing(let key) = peer.origin else { return }
        dialsUnderWay -= 1
        leechers.connected(key)
    }

    /// A connection has ended; when we had dialled it, the leecher gets its next date.
    func dialEnded(_ peer: PeerHandler, reason: PeerCloseReason, now: ContinuousClock.Instant) {
        guard case .outgoing(let key) = peer.origin else { return }
        if peer.connection == nil { dialsUnderWay -= 1 }
        switch reason {
        case .ourselves, .bothSeeds, .tookTooMuch: leechers.forget(key)
        case .duplicate: leechers.postpone(key, now: now, jitter: .random(in: 0...1))
        default:
            let wasUseful =
                peer.connection.map {
                    $0.isInterested || $0.metadataBytesSent > 0 || peer.serving.uploaded > 0
                } ?? false
            leechers.disconnected(key, wasUseful: wasUseful, now: now, jitter: .random(in: 0...1))
        }
    }
}

extension PeerHandler {
    /// Whether this connection is one with the leecher at `endpoint`: by the port it told, or for lack of that by its
    /// address alone.
    fileprivate func isSame(as endpoint: Endpoint) -> Bool {
        guard let remote, remote.address == endpoint.address else { return false }
        if case .outgoing(let key) = origin, key.endpoint == endpoint { return true }
        return connection?.extensions.listenPort.map { $0 == endpoint.port } ?? true
    }
}

import Metainfo
import NIOCore

extension PeerHandler {
    /// What the choker has to know; nil before the handshake.
    var candidate: Choker.Candidate? {
        guard closing == nil, let connection else { return nil }
        return Choker.Candidate(
            id: number, isInterested: connection.isInterested, rate: serving.rate,
            givenRate: connection.isTrading ? taking.rate(now: .now) : 0, isSnubbing: taking.isSnubbing,
            since: connection.chokeChangedAt, connectedAt: connection.openedAt, isUnchoked: !connection.isChoked)
    }

    /// What the admin page shows; nil before the handshake.
    func status(now: ContinuousClock.Instant) -> PeerStatus? {
        guard let connection, let remote else { return nil }
        let pieces = connection.layout?.pieceCount ?? 0
        return PeerStatus(
            endpoint: remote, client: connection.extensions.client ?? connection.remoteID.clientName,
            progress: pieces == 0
                ? (connection.layout == nil ? 0 : 1) : Double(connection.have.setCount) / Double(pieces),
            uploaded: serving.uploaded, uploadRate: serving.rate, downloaded: taking.total,
            downloadRate: taking.rate(now: now), isEncrypted: encryption?.isEncrypted == true,
            isChoked: connection.isChoked,
            isInterested: connection.isInterested, isIncoming: origin == .incoming,
            connectedFor: (now - connection.openedAt).inSeconds)
    }

    /// Counts what the peer got from others since the last time.
    func noteExchange() {
        guard let connection, let torrent else { return }
        let bytes = exchange.note(gained: connection.gained, sent: serving.uploaded)
        core.exchanges.add(bytes, to: torrent.torrent.infoHash)
    }

    /// Looks at the clock. `elapsed` is the time since the last call.
    func tick(now: ContinuousClock.Instant, elapsed: Duration) {
        guard closing == nil else { return }
        guard connection != nil else {
            if now - openedAt >= core.limits.handshakeTimeout { close(.handshakeTimeout) }
            return
        }
        let sent = serving.tick(seconds: elapsed.inSeconds, batchLimit: core.limits.batchBytes)
        if sent > 0, let torrent { core.uploads.add(UInt64(sent), to: torrent.torrent.infoHash) }
        noteExchange()
        // What is not read cannot be heard: it is not the peer that is silent.
        if isReadHeld { connection?.lastHeard = now }
        let waiting = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if let since = serving.noteWaiting(waiting, now: now), now - since >= core.limits.slowReaderTimeout {
            return close(.slowReader)
        }
        perform(connection?.tick(now: now) ?? [])
        answerMetadata()
        flush()
        serve()
    }
}

import Metainfo

/// What changes when everything wanted is there, and the clock.
extension Download {
    /// We want pieces, or want none any more: peers, trackers and the choker have to know.
    func roleChanged() {
        active.choker.mode = isUploadOnly ? .seed : .leech
        let needsPeers = needsPeers
        for peer in active.peers.values {
            peer.connection?.keepsSeeds = needsPeers
            peer.sendExtensionHandshake()
            peer.flush()
        }
        if needsPeers {
            active.endSuperSeeding()
            startWebSeeds()
        } else {
            for number in Array(webSeeds.keys) { dropWebSeed(number) }
            beginSuperSeeding()
        }
    }

    /// Shows single pieces from now on, when that is wanted and all pieces are there (BEP 16).
    func beginSuperSeeding() {
        if core.superSeeds, state == .seeding, have.isFull { active.beginSuperSeeding() }
    }

    /// Content bytes have been sent.
    func sent(_ bytes: Int) {
        uploaded += Int64(bytes)
        upMeter.add(bytes, now: .now)
        isChanged = true
    }

    // MARK: The clock

    /// Looks at the clock; about once a second.
    func tick(now: ContinuousClock.Instant) {
        if isRunning {
            scheduler?.tick(now: now)
            exchangePeers(now: now)
            settle()
            if active.peers.isEmpty, !isUploadOnly { announcer?.hurry() }
        }
        saveWhenDue(now: now)
        tellObservers()
    }
}

import Metainfo
import NIOCore

/// HTTP servers that have the files (BEP 19).
extension Download {
    func startWebSeeds() {
        guard let info, scheduler != nil, isRunning, webSeeds.isEmpty, !isUploadOnly else { return }
        for url in webSeedURLs.lazy.filter({ !self.spentWebSeeds.contains($0) }).prefix(core.limits.webSeeds) {
            guard
                let client = WebSeedClient(
                    url: url, info: info, fetcher: core.fetcher, namedFrom: namedFrom, logger: core.logger)
            else { continue }
            for _ in 0..<2 {
                let number = core.nextPeerNumber()
                webSeeds[number] = WebSeedDriver(client, peer: number, on: core.eventLoop) {
                    [unowned self] peer, event in
                    self.heard(event, from: peer)
                }
                scheduler?.joinWebSeed(number, spanBytes: client.spanBytes, now: .now)
            }
        }
    }

    private func heard(_ event: WebSeedEvent, from number: PeerNumber) {
        let now = ContinuousClock.now
        switch event {
        case .blocks(let blocks):
            for block in blocks { received(block, from: number, now: now) }
        case .finished: break
        case .resting(let time, let reason): rest(number, for: time, reason)
        case .lacks(let pieces, let reason):
            note("web seed: \(reason)")
            scheduler?.choked(number, now: now)
            for piece in pieces.lowerBound.rawValue...pieces.upperBound.rawValue {
                scheduler?.lost(number, PieceIndex(piece))
            }
            scheduler?.unchoked(number, now: now)
        case .useless(let reason):
            note("web seed: \(reason)")
            if let url = webSeeds[number]?.client.url { spentWebSeeds.insert(url) }
            dropWebSeed(number)
        }
        holdWebSeeds()
        settle()
    }

    private func received(_ block: WebSeedBlock, from number: PeerNumber, now: ContinuousClock.Instant) {
        let length = block.bytes.readableBytes
        count(length, now: now)
        guard let receipt = receipt(number, block.piece, block.begin, length, now) else { return }
        buffers?.store(piece: block.piece, begin: block.begin, bytes: block.bytes.readableBytesSpan)
        stored(block.piece, receipt)
    }

    private func rest(_ number: PeerNumber, for time: Duration, _ reason: String) {
        note("web seed: \(reason)")
        scheduler?.choked(number, now: .now)
        restingWebSeeds.insert(number)
        core.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [weak self] in
            guard let self, self.restingWebSeeds.remove(number) != nil else { return }
            self.scheduler?.unchoked(number, now: .now)
            self.settle()
        }
    }

    func dropWebSeed(_ number: PeerNumber) {
        webSeeds.removeValue(forKey: number)?.cancel()
        restingWebSeeds.remove(number)
        scheduler?.leave(number, now: .now)
    }

    /// Web seeds wait while nothing more is read.
    func holdWebSeeds() {
        guard !webSeeds.isEmpty else { return }
        let isHeld = holdsReads
        for driver in webSeeds.values { driver.hold(isHeld) }
    }
}

import Metainfo

/// A torrent somebody is connected for: its peers, its slots, and its content and metadata while they are in use.
/// Lives on the engine's event loop.
final class ActiveTorrent {
    /// The raw `info` dictionary on its way from where it is kept.
    enum Info {
        case unasked
        case loading
        case loaded([UInt8])
        /// It could not be read, or was not the right one.
        case failed
    }

    /// The content file on its way from the cache.
    enum Content {
        case closed
        case opening
        case open(ContentFile)
        /// Requests are refused until then.
        case failed(retryAt: ContinuousClock.Instant)
    }

    private(set) var torrent: SeededTorrent
    var peers: [PeerNumber: PeerHandler] = [:]
    var info = Info.unasked
    var content = Content.closed
    /// Reads that failed since the last good one.
    var readFailures = 0
    /// The file that was open gave a read error: it is given up before the next opening.
    var hasUnreadableFile = false
    /// When a block was last read, or a peer came or left.
    var usedAt: ContinuousClock.Instant
    private var choker: Choker
    private var lastDeal: ContinuousClock.Instant

    init(_ torrent: SeededTorrent, limits: EngineLimits, now: ContinuousClock.Instant) {
        self.torrent = torrent
        choker = Choker(slots: limits.uploadSlots, optimisticSlots: limits.optimisticSlots)
        usedAt = now
        lastDeal = now
    }

    /// Takes content and metadata from `torrent` from now on.
    func replace(with torrent: SeededTorrent) {
        self.torrent = torrent
        if file != nil { content = .closed }
    }

    /// The open file, if there is one.
    var file: ContentFile? {
        if case .open(let file) = content { file } else { nil }
    }

    /// The `info` bytes, if they are there.
    var infoBytes: [UInt8]? {
        if case .loaded(let bytes) = info { bytes } else { nil }
    }

    /// True until the `info` bytes are there or known to be out of reach.
    var isInfoPending: Bool {
        switch info {
        case .unasked, .loading: true
        case .loaded, .failed: false
        }
    }

    /// Gives free slots away; deals all anew when the round is over.
    func assignSlots(now: ContinuousClock.Instant) {
        let candidates = peers.values.compactMap(\.candidate)
        let unchoked: Set<PeerNumber>
        if now - lastDeal >= Choker.round {
            lastDeal = now
            unchoked = choker.deal(candidates, now: now)
        } else {
            unchoked = choker.fillFreeSlots(candidates)
        }
        for peer in peers.values { peer.setUnchoked(unchoked.contains(peer.number), now: now) }
    }

    /// Whether the time between deals is over.
    func isDealDue(now: ContinuousClock.Instant) -> Bool { now - lastDeal >= Choker.round }
}

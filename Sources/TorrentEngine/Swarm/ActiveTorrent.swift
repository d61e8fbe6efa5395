import Metainfo
import PeerWire

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

    /// The piece layers on their way from where they are kept (BEP 52).
    enum Layers {
        case unasked
        /// These peers wait for answers.
        case loading([(PeerNumber, HashRequest)])
        case known(PieceLayers)
        /// There are none, or they could not be read.
        case none
    }

    private(set) var torrent: SeededTorrent
    var peers: [PeerNumber: PeerHandler] = [:]
    var info = Info.unasked
    var content = Content.closed
    var layers = Layers.unasked
    /// What is shown to whom while we are the only seed; nil when everybody is told everything.
    var superSeeding: SuperSeeding?
    /// Another seed was seen since somebody connected for the torrent.
    var knowsSeed = false
    /// What downloads it; nil for a torrent that is only seeded.
    var download: Download?
    /// Reads that failed since the last good one.
    var readFailures = 0
    /// The file that was open gave a read error: it is given up before the next opening.
    var hasUnreadableFile = false
    /// When a block was last read, or a peer came or left.
    var usedAt: ContinuousClock.Instant
    var choker: Choker
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

    /// What our extension handshakes say.
    var extensionFacts: OurExtensions.Facts {
        download?.extensionFacts ?? OurExtensions.Facts(metadataSize: infoBytes?.count)
    }

    /// Gives free slots away; deals all anew when the round is over.
    func assignSlots(now: ContinuousClock.Instant) {
        let candidates = peers.values.compactMap(\.candidate)
        let unchoked: Set<PeerNumber>
        if now - lastDeal >= Choker.round {
            lastDeal = now
            unchoked = choker.deal(candidates, now: now)
            download?.note("slots dealt: \(unchoked.count) of \(candidates.count) peers unchoked")
        } else {
            unchoked = choker.fillFreeSlots(candidates)
        }
        for peer in peers.values { peer.setUnchoked(unchoked.contains(peer.number), now: now) }
    }

    /// Whether the time between deals is over.
    func isDealDue(now: ContinuousClock.Instant) -> Bool { now - lastDeal >= Choker.round }
}

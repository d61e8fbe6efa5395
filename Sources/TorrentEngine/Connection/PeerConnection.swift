import Metainfo
import PeerWire

/// The conversation with one peer after the handshakes, seen from a seeder: a state machine without sockets and clock.
///
/// Every method returns what is to be done. It knows nothing of the transport: bytes are framed outside, and blocks are
/// read and sent outside from the batches it gives out.
///
/// Invariants: a request in `requests` was valid for the layout, came while the peer was unchoked, and is answered
/// exactly once, by a block or (fast extension, BEP 6) by a reject. A choked peer is never served.
struct PeerConnection: Sendable {
    let limits: EngineLimits
    let layout: PieceLayout
    let remoteID: PeerID
    /// Both sides speak the fast extension (BEP 6).
    let isFast: Bool
    /// Both sides speak the extension protocol (BEP 10).
    let isExtended: Bool

    /// We do not answer the peer's requests.
    var isChoked = true
    var isInterested = false
    /// When it was last choked or unchoked, or connected.
    var chokeChangedAt: ContinuousClock.Instant
    /// What the peer has told to own.
    var have: Bitfield
    /// Bytes of the pieces it came to hold since it told what it had: at most as many as the torrent has.
    var gained: Int64 = 0
    /// Since when it owns everything.
    var fullSince: ContinuousClock.Instant?
    /// Valid requests that wait for an answer.
    var requests: RequestQueue
    var extensions = RemoteExtensions()
    /// Metadata pieces asked for and not answered yet; ones that do not exist included.
    var metadataRequests: [Int] = []
    var metadataBytesSent = 0

    /// Content bytes given out to the peer, those of earlier connections included.
    var taken: Int64
    var requestsWhileChoked = 0
    var invalidRequests = 0

    let openedAt: ContinuousClock.Instant
    /// When the last byte came.
    var lastHeard: ContinuousClock.Instant
    /// When the last message came that was no keep-alive.
    var lastMessage: ContinuousClock.Instant
    /// When we last sent something.
    var lastSent: ContinuousClock.Instant

    /// - Parameters:
    ///   - takenBefore: Content bytes the same peer took on earlier connections.
    init(
        handshake: PeerHandshake, layout: PieceLayout, limits: EngineLimits, takenBefore: Int64 = 0,
        now: ContinuousClock.Instant
    ) {
        self.limits = limits
        self.layout = layout
        remoteID = handshake.peerID
        isFast = handshake.supportsFast
        isExtended = handshake.supportsExtensions
        have = Bitfield(count: layout.pieceCount)
        requests = RequestQueue(capacity: limits.queuedRequests)
        taken = takenBefore
        chokeChangedAt = now
        openedAt = now
        lastHeard = now
        lastMessage = now
        lastSent = now
    }

    /// The first messages after the handshake: that we own everything.
    func opening() -> [PeerAction] {
        if isFast { return [.send(.haveAll)] }
        guard layout.pieceCount > 0 else { return [] }
        return [.send(.bitfield(Bitfield(full: layout.pieceCount).bytes))]
    }

    /// The most content bytes this peer may take. Some clients ask for the same pieces for ever.
    var allowance: Int64 {
        let (copies, overflow) = layout.totalLength.multipliedReportingOverflow(by: Int64(limits.copiesPerPeer))
        return max(limits.freeUploadPerPeer, overflow ? .max : copies)
    }

    // MARK: Choking

    mutating func unchoke(now: ContinuousClock.Instant) -> [PeerAction] {
        guard isChoked else { return [] }
        isChoked = false
        chokeChangedAt = now
        requestsWhileChoked = 0
        return [.send(.unchoke)]
    }

    /// Requests that are not answered yet are rejected, or by the older rule forgotten (BEP 6).
    mutating func choke(now: ContinuousClock.Instant) -> [PeerAction] {
        guard !isChoked else { return [] }
        isChoked = true
        chokeChangedAt = now
        return [.send(.choke)] + rejectAll()
    }

    // MARK: Blocks

    /// Moves the next requests into `batch`, up to `bytes` of blocks, and counts them as taken by the peer.
    mutating func takeBatch(into batch: inout [QueuedBlock], bytes: Int) {
        batch.removeAll(keepingCapacity: true)
        requests.take(into: &batch, bytes: bytes, limit: BlockReader.batchCount)
        for block in batch { taken += Int64(block.length) }
    }

    /// The content could not be read: a fast peer is told so, another one would wait for ever and is closed.
    mutating func contentFailed(for batch: [QueuedBlock]) -> [PeerAction] {
        for block in batch { taken -= Int64(block.length) }
        guard isFast else { return [.close(.contentUnreadable)] }
        return batch.map { .send(.reject($0.request)) } + rejectAll()
    }

    mutating func rejectAll() -> [PeerAction] {
        let dropped = requests.takeAll()
        return isFast ? dropped.map { .send(.reject($0.request)) } : []
    }

    // MARK: Time

    /// Looks at the clock; to be called about once a second.
    func tick(now: ContinuousClock.Instant) -> [PeerAction] {
        if now - lastHeard >= limits.silenceTimeout { return [.close(.silent)] }
        let waitsForSlot = isInterested && isChoked
        if !waitsForSlot, now - lastMessage >= limits.idleTimeout { return [.close(.idle)] }
        if let fullSince, now - fullSince >= limits.seedTimeout, requests.isEmpty { return [.close(.bothSeeds)] }
        return now - lastSent >= limits.keepAliveInterval ? [.send(.keepAlive)] : []
    }
}

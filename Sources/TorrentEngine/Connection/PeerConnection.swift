import Metainfo
import PeerWire

/// The conversation with one peer after the handshakes: a state machine without sockets and clock.
///
/// Every method returns what is to be done. It knows nothing of the transport: bytes are framed outside, blocks are
/// read and sent outside from the batches it gives out, and which blocks are asked for is decided outside.
///
/// Invariants: a request in `requests` was valid for the layout and for a piece the peer was told that we have, came
/// while the peer was unchoked or for a piece granted to it, and is answered exactly once, by a block or (fast
/// extension, BEP 6) by a reject. We ask for nothing while we are choked, but for pieces the peer allows.
struct PeerConnection: Sendable {
    let limits: EngineLimits
    /// How the torrent is cut; nil until its metadata is known.
    private(set) var layout: PieceLayout?
    let remoteID: PeerID
    /// Both sides speak the fast extension (BEP 6).
    let isFast: Bool
    /// Both sides speak the extension protocol (BEP 10).
    let isExtended: Bool
    /// The torrent may be downloaded: what the peer has and does is told as events, and blocks are taken from it.
    let isTrading: Bool
    /// What the peer has is told as events.
    var tellsPieces: Bool

    // MARK: What we give

    /// We do not answer the peer's requests.
    var isChoked = true
    var isInterested = false
    /// When it was last choked or unchoked, or connected.
    var chokeChangedAt: ContinuousClock.Instant
    /// The pieces the peer was told that we have; nil for all.
    var offered: Bitfield?
    /// Pieces the peer may ask for while choked (BEP 6), and how many bytes of them are left to it.
    var granted: [PieceIndex] = []
    var grantedBytesLeft: Int64 = 0
    /// Valid requests that wait for an answer.
    var requests: RequestQueue
    /// Metadata pieces asked for and not answered yet; ones that do not exist included.
    var metadataRequests: [Int] = []
    var metadataBytesSent = 0
    /// Hash requests are told, for others to answer; else they are rejected (BEP 52).
    var answersHashes = false

    // MARK: What the peer has and gives

    /// What the peer has told to own; empty while the layout is unknown.
    var have: Bitfield
    /// The same as it came, while the layout is unknown.
    var early = EarlyPieces()
    /// Bytes of the pieces it came to hold since it told what it had: at most as many as the torrent has.
    var gained: Int64 = 0
    /// Since when it owns everything.
    var fullSince: ContinuousClock.Instant?
    /// We need pieces, so a peer that has everything stays.
    var keepsSeeds = false
    /// It does not answer our requests.
    var isChokingUs = true
    /// We have told it that it has something we want.
    var isWanted = false
    /// Pieces we may ask for while it chokes us (BEP 6).
    var allowedFast: [PieceIndex] = []
    /// It was asked for a block once: what comes before that nobody can have asked for.
    var wasAsked = false
    /// Content bytes that came from it, and those of them nobody had asked for any more.
    var received: Int64 = 0
    var unwanted: Int64 = 0
    var extensions = RemoteExtensions()

    // MARK: What it has cost

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
    ///   - offered: The pieces we say to have; nil for all.
    ///   - isTrading: Whether the torrent may be downloaded.
    ///   - takenBefore: Content bytes the same peer took on earlier connections.
    init(
        handshake: PeerHandshake, layout: PieceLayout?, limits: EngineLimits, offered: Bitfield? = nil,
        isTrading: Bool = false, takenBefore: Int64 = 0, now: ContinuousClock.Instant
    ) {
        self.limits = limits
        self.layout = layout
        self.offered = layout == nil ? Bitfield(count: 0) : offered
        self.isTrading = isTrading
        tellsPieces = isTrading
        remoteID = handshake.peerID
        isFast = handshake.supportsFast
        isExtended = handshake.supportsExtensions
        have = Bitfield(count: layout?.pieceCount ?? 0)
        requests = RequestQueue(capacity: limits.queuedRequests)
        taken = takenBefore
        chokeChangedAt = now
        openedAt = now
        lastHeard = now
        lastMessage = now
        lastSent = now
    }

    /// The first messages after the handshake: what we own.
    func opening() -> [PeerAction] {
        let count = layout?.pieceCount ?? 0
        guard let offered, count == 0 || !offered.isFull else {
            if isFast { return [.send(.haveAll)] }
            return count == 0 ? [] : [.send(.bitfield(Bitfield(full: count).bytes))]
        }
        if !offered.isEmpty { return [.send(.bitfield(offered.bytes))] }
        return isFast ? [.send(.haveNone)] : []
    }

    /// The metadata is there: what the peer told to own is checked, and told. We have none of the pieces yet.
    mutating func learn(_ layout: PieceLayout) -> [PeerAction] {
        guard self.layout == nil else { return [] }
        guard let bitfield = early.bitfield(count: layout.pieceCount) else { return [.close(.invalidBitfield)] }
        self.layout = layout
        early = EarlyPieces()
        offered = Bitfield(count: layout.pieceCount)
        have = bitfield
        if have.isFull { fullSince = lastMessage }
        return [.tell(.owns(bitfield))]
    }

    /// The most content bytes this peer may take. Some clients ask for the same pieces for ever.
    var allowance: Int64 {
        let whole = layout?.totalLength ?? 0
        let (copies, overflow) = whole.multipliedReportingOverflow(by: Int64(limits.copiesPerPeer))
        return max(limits.freeUploadPerPeer, overflow ? .max : copies)
    }

    // MARK: Time

    /// Looks at the clock; to be called about once a second.
    func tick(now: ContinuousClock.Instant) -> [PeerAction] {
        if now - lastHeard >= limits.silenceTimeout { return [.close(.silent)] }
        let waitsForSlot = (isInterested && isChoked) || (isWanted && isChokingUs)
        if !waitsForSlot, now - lastMessage >= limits.idleTimeout { return [.close(.idle)] }
        if !keepsSeeds, let fullSince, now - fullSince >= limits.seedTimeout, requests.isEmpty {
            return [.close(.bothSeeds)]
        }
        return now - lastSent >= limits.keepAliveInterval ? [.send(.keepAlive)] : []
    }
}

/// What the scheduler keeps of one peer or web seed.
struct SchedulerPeer: Sendable {
    /// Nil when its place is free.
    var number: PeerNumber?
    /// The fast extension is spoken: a choke leaves requests open until they are rejected (BEP 6).
    let isFast: Bool
    /// Bytes of one span of a web seed; nil for a peer.
    let spanBytes: Int?
    /// It said at once that it has everything; `pieces` is not used then.
    var ownsAll: Bool
    var pieces: PieceSet
    /// How often it told all it has.
    var tellings = 0
    /// Of `pieces`, those wanted and not verified.
    var interesting = 0
    var isChoked: Bool
    /// What it was told of our interest.
    var isTold = false
    /// Requests it allows.
    var budget: Int
    var pipeline: RequestPipeline
    var requests = OpenRequests.List()

    /// The piece it works on.
    var current = PartialPieces.none
    /// Pieces it gives while it chokes us.
    var allowedFast: [Int] = []
    var suggested: [Int] = []
    /// Where the search in its pieces goes on.
    var searchFrom = 0
    /// Nothing was left to ask it for when the supply had this number.
    var exhaustedAt: UInt64?
    /// It stands in the list of those to be looked at.
    var isListed = false

    /// Since when it owes us a block and has sent none.
    var silentSince: Moment?
    var isSnubbing = false
    /// Refusals since the last block.
    var rejects = 0
    /// It is asked for nothing until then.
    var holdUntil: Moment?

    init(
        number: PeerNumber, isFast: Bool, spanBytes: Int?, limits: SchedulerLimits, now: Moment
    ) {
        self.number = number
        self.isFast = isFast
        self.spanBytes = spanBytes
        ownsAll = spanBytes != nil
        pieces = PieceSet(count: 0)
        isChoked = spanBytes == nil
        budget = max(1, limits.assumedRequestBudget)
        pipeline = RequestPipeline(limits: limits, now: now)
    }

    func has(_ piece: Int) -> Bool { ownsAll || pieces[piece] }

    /// Requests it may have open now.
    var room: Int { min(pipeline.depth, budget) - requests.count }
}

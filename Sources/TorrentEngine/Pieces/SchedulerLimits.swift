/// How many requests the scheduler keeps open, and how long it waits.
struct SchedulerLimits: Sendable, Hashable {
    /// Requests a new peer gets before its speed is known.
    var firstRequests = 8
    /// Requests one peer has open at most, whatever it allows.
    var maximumRequests = 2000
    /// Requests a peer allows when it did not say (`reqq` of BEP 10).
    var assumedRequestBudget = 250
    /// Bytes of a web seed's span before its speed is known.
    var firstSpanBytes = 512 << 10
    /// How long a web seed may take for a span: what it holds, no peer is asked for meanwhile.
    var spanTime: Duration = .seconds(2)
    /// What is kept in flight beyond the round trip, as time at the peer's rate.
    var pipelineReserve: Duration = .milliseconds(500)
    /// A peer that sent nothing for so long although asked: others may be asked for its blocks as well.
    var requestTimeout: Duration = .seconds(20)
    /// A peer that sent nothing for so long although asked is snubbing us: one request at a time from then on.
    var snubTimeout: Duration = .seconds(60)
    /// Pieces taken at random before the rarest come first: the first ones are wanted soon, to have what to trade.
    var randomPieces = 4
    /// A peer that fills a piece faster than this is left alone with it.
    var wholePieceTime: Duration = .seconds(20)
    /// Pieces a peer may allow while it chokes us, and pieces it may suggest.
    var fastSetCount = 64
    /// How often a peer may tell anew all that it has: each time costs a look at every piece.
    var tellings = 8
    /// Pieces looked at in the order of rarity before the peer's own pieces are searched instead.
    var rarityProbes = 256
}

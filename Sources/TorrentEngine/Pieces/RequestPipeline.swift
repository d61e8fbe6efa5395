/// How many requests one peer should have open: enough to fill the way to it and back, and a little more.
///
/// At first every block that comes allows one request more, so that the number doubles with each round trip. When that
/// makes the peer no faster, the number follows rate times round trip plus a reserve. The round trip is the shortest
/// seen: later ones hold the time a request waits behind others, which would let the number grow without end.
struct RequestPipeline: Sendable {
    /// Requests to have open, at least 1.
    private(set) var depth: Int
    /// Bytes a second, averaged over the last few ticks.
    private(set) var rate: Double = 0
    private(set) var roundTrip: Duration?
    private var isStarting = true
    private var bytes = 0
    private var lastTick: Moment
    private let limits: SchedulerLimits

    init(limits: SchedulerLimits, now: Moment) {
        self.limits = limits
        depth = max(1, limits.firstRequests)
        lastTick = now
    }

    /// A block has come that was asked for `roundTrip` ago; nil when that is not known.
    mutating func received(bytes count: Int, roundTrip sample: Duration?) {
        bytes += count
        if let sample, roundTrip.map({ sample < $0 }) ?? true { roundTrip = sample }
        if isStarting, depth < limits.maximumRequests { depth += 1 }
    }

    /// Measures the rate. `isBusy`: requests are open, so that what has come says what the peer can do.
    mutating func tick(now: Moment, isBusy: Bool) {
        let seconds = (now - lastTick).inSeconds
        guard seconds >= 0.2 else { return }
        let measured = Double(bytes) / seconds
        let former = rate
        rate = former == 0 ? measured : (former + measured) / 2
        bytes = 0
        lastTick = now
        guard isBusy, rate > 0 else { return }
        if isStarting, former > 0, measured < former * 1.1 { isStarting = false }
        if !isStarting { depth = steadyDepth }
    }

    /// The peer did not answer: it is asked for one block at a time until it does.
    mutating func stall() {
        depth = 1
        isStarting = true
    }

    /// The peer refused: half as many.
    mutating func back() {
        depth = max(2, depth / 2)
        isStarting = false
    }

    /// Seconds until so many blocks have come. A peer of which nothing came is taken for a very slow one.
    func time(forBlocks count: Int) -> Double { Double(count * PieceScheduler.blockLength) / max(rate, 4096) }

    private var steadyDepth: Int {
        let time = (roundTrip ?? .zero) + limits.pipelineReserve
        let blocks = min(rate * time.inSeconds / Double(PieceScheduler.blockLength), Double(limits.maximumRequests))
        return max(2, min(Int(blocks) + 2, limits.maximumRequests))
    }
}

import Testing

@testable import TorrentEngine

@Suite struct RequestPipelineTests {
    private let start = Moment(ContinuousClock.now)

    /// A peer of some speed behind some distance; each second as many blocks come as it can send or was asked for.
    private func run(rate: Double, roundTrip: Double, seconds: Int, limits: SchedulerLimits = .init())
        -> RequestPipeline
    {
        var pipeline = RequestPipeline(limits: limits, now: start)
        for second in 1...seconds {
            let able = rate / Double(PieceScheduler.blockLength)
            var blocks = 0.0
            for _ in 0..<10 {
                let inTenth = min(able / 10, Double(pipeline.depth) / roundTrip / 10)
                blocks += inTenth
                while blocks >= 1 {
                    pipeline.received(bytes: PieceScheduler.blockLength, roundTrip: .seconds(roundTrip))
                    blocks -= 1
                }
            }
            pipeline.tick(now: start + .seconds(second), isBusy: true)
        }
        return pipeline
    }

    @Test(arguments: [(1e6, 0.02), (1e6, 0.3), (2e7, 0.1), (1e5, 0.05)])
    func followsTheBandwidthDelayProduct(rate: Double, roundTrip: Double) {
        let pipeline = run(rate: rate, roundTrip: roundTrip, seconds: 30)
        let product = rate * roundTrip / Double(PieceScheduler.blockLength)
        #expect(Double(pipeline.depth) >= product)
        #expect(Double(pipeline.depth) <= rate * (roundTrip + 0.6) / Double(PieceScheduler.blockLength) + 4)
        #expect(abs(pipeline.rate - rate) < rate * 0.1)
    }

    @Test func doublesWithEachRoundTripAtFirst() {
        var pipeline = RequestPipeline(limits: .init(), now: start)
        #expect(pipeline.depth == 8)
        for _ in 0..<8 { pipeline.received(bytes: 16384, roundTrip: .milliseconds(50)) }
        #expect(pipeline.depth == 16)
        for _ in 0..<16 { pipeline.received(bytes: 16384, roundTrip: .milliseconds(50)) }
        #expect(pipeline.depth == 32)
    }

    @Test func neverPassesItsLimit() {
        var limits = SchedulerLimits()
        limits.maximumRequests = 50
        #expect(run(rate: 1e9, roundTrip: 0.5, seconds: 10, limits: limits).depth == 50)
    }

    @Test func waitingBehindOthersIsNoDistance() {
        var pipeline = RequestPipeline(limits: .init(), now: start)
        pipeline.received(bytes: 16384, roundTrip: .milliseconds(30))
        pipeline.received(bytes: 16384, roundTrip: .seconds(9))
        #expect(pipeline.roundTrip == .milliseconds(30))
    }

    @Test func aStalledPeerIsAskedForOneBlock() {
        var pipeline = run(rate: 1e6, roundTrip: 0.1, seconds: 5)
        pipeline.stall()
        #expect(pipeline.depth == 1)
        pipeline.received(bytes: 16384, roundTrip: nil)
        #expect(pipeline.depth == 2)
    }

    @Test func aRefusingPeerIsAskedForHalf() {
        var pipeline = RequestPipeline(limits: .init(), now: start)
        pipeline.back()
        #expect(pipeline.depth == 4)
        for _ in 0..<9 { pipeline.back() }
        #expect(pipeline.depth == 2)
    }

    @Test func anIdlePeerKeepsItsDepth() {
        var pipeline = run(rate: 1e7, roundTrip: 0.1, seconds: 10)
        let depth = pipeline.depth
        for second in 11...20 { pipeline.tick(now: start + .seconds(second), isBusy: false) }
        #expect(pipeline.depth == depth)
        #expect(pipeline.rate < 1e5)
    }

    @Test func ticksThatComeTooSoonAreOne() {
        var pipeline = RequestPipeline(limits: .init(), now: start)
        pipeline.received(bytes: 16384, roundTrip: nil)
        pipeline.tick(now: start, isBusy: true)
        pipeline.tick(now: start + .milliseconds(100), isBusy: true)
        #expect(pipeline.rate == 0)
        pipeline.tick(now: start + .seconds(1), isBusy: true)
        #expect(pipeline.rate == 16384)
    }
}

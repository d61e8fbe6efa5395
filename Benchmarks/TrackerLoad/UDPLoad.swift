import Glibc

/// Announces over UDP as fast as they are answered.
struct UDPLoad {
    private let options: LoadOptions
    private let lanes: [UDPLane]
    private static let patience = 64

    init(_ options: LoadOptions) throws(LoadError) {
        self.options = options
        let count = min(max(options.sockets, 1), 200)
        let window = min(max(options.window / count, 1), 4096)
        let peers = AnnouncePlan.peers(options.population, churn: options.churn)
        var lanes: [UDPLane] = []
        for number in 0..<count { lanes.append(try UDPLane(number: number, window: window, peers: peers, options)) }
        self.lanes = lanes
    }

    /// Connects, fills the swarms, then measures.
    func run() throws(LoadError) -> LoadReport {
        try connect()
        if options.mode == .fill { return fill(options.population) }
        if options.fillsFirst { _ = fill(options.population) }
        let start = ProcessUse(pid: options.pid)
        let plans = lanes.indices.map { lane in
            AnnouncePlan(at: options.population, churn: options.churn, lane: lane, of: lanes.count)
        }
        var report = work(plans, for: options.seconds)
        if let start { report.process = ProcessUse(pid: options.pid)?.since(start) }
        return report
    }

    private func connect() throws(LoadError) {
        var report = LoadReport()
        let end = monotonicSeconds() + 5
        while lanes.contains(where: { !$0.isConnected }) {
            let now = monotonicSeconds()
            guard now < end else { throw LoadError(sentence: "The tracker does not answer.") }
            for lane in lanes {
                lane.keepConnected(now)
                _ = lane.receiveBatch(&report, now)
            }
            usleep(1000)
        }
    }

    private func fill(_ population: Population) -> LoadReport {
        let start = ProcessUse(pid: options.pid)
        for lane in lanes { lane.peers = population.peers }
        var report = work(
            lanes.indices.map { AnnouncePlan(filling: population, lane: $0, of: lanes.count) })
        for lane in lanes { lane.peers = AnnouncePlan.peers(population, churn: options.churn) }
        if let start { report.process = ProcessUse(pid: options.pid)?.since(start) }
        return report
    }

    /// Works until the time is up, or until nothing is left to do.
    private func work(_ plans: [AnnouncePlan], for seconds: Double = .infinity) -> LoadReport {
        var plans = plans
        var report = LoadReport()
        let start = monotonicSeconds()
        var now = start
        var swept = start
        var emptyRounds = 0
        while now - start < seconds {
            var isBusy = false
            for (number, lane) in lanes.enumerated() {
                if lane.sendBatch(&plans[number], now) { isBusy = true }
                if lane.receiveBatch(&report, now) { isBusy = true }
            }
            now = monotonicSeconds()
            if now - swept > 0.1 {
                swept = now
                for (number, lane) in lanes.enumerated() {
                    lane.sweep(&plans[number], &report, now)
                    lane.keepConnected(now)
                }
            }
            emptyRounds = isBusy ? 0 : emptyRounds + 1
            guard emptyRounds > Self.patience else { continue }
            if lanes.allSatisfy({ $0.outstanding == 0 }), plans.allSatisfy(\.isDone) { break }
            usleep(50)
        }
        report.seconds = now - start
        // What is still under way belongs to nobody's numbers; it must not meet the next run.
        for _ in 0..<20 where lanes.contains(where: { $0.outstanding > 0 }) {
            var rest = LoadReport()
            for lane in lanes { while lane.receiveBatch(&rest, now) {} }
            usleep(1000)
        }
        for (number, lane) in lanes.enumerated() {
            var rest = LoadReport()
            lane.sweep(&plans[number], &rest, .infinity)
        }
        return report
    }
}

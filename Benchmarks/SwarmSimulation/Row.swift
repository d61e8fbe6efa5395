import Foundation

/// One way of handing out in one swarm, over all seeds.
struct Row {
    /// Per cent, with the half width of its 95 % confidence interval.
    struct Gain {
        let value: Double
        let halfWidth: Double

        init(_ values: [Double]) {
            value = Statistics.mean(values)
            halfWidth = Statistics.halfWidth(values)
        }

        var text: String { String(format: "%+.1f %% ± %.1f", value, halfWidth) }
    }

    static let heading = """
        | swarm | rule | mean completion | 90 % are done after | gain in the mean | gain of those that upload |
        |---|---|---|---|---|---|
        """

    let swarm: String
    let rule: String
    /// Seconds.
    let mean: Double
    let ninetieth: Double
    /// In the mean completion time, beside uniformly random hand-out.
    let gain: Gain
    let giversGain: Gain

    /// - Parameters:
    ///   - outcomes: by seed.
    ///   - uniform: those of uniformly random hand-out with the same seeds.
    init(swarm: String, rule: String, outcomes: [Outcome], uniform: [Outcome]) {
        self.swarm = swarm
        self.rule = rule
        mean = Statistics.mean(outcomes.map { Statistics.mean($0.all) })
        ninetieth = Statistics.mean(outcomes.map { Statistics.ninetieth($0.all) })
        gain = Gain(zip(outcomes, uniform).map { Self.gain($0.all, over: $1.all) })
        giversGain = Gain(zip(outcomes, uniform).map { Self.gain($0.givers, over: $1.givers) })
    }

    private static func gain(_ times: [Double], over uniform: [Double]) -> Double {
        100 * (1 - Statistics.mean(times) / Statistics.mean(uniform))
    }

    var markdown: String {
        let isMeasure = rule == Contender.uniform.name
        let gains = isMeasure ? "- | -" : "\(gain.text) | \(giversGain.text)"
        return String(format: "| %@ | %@ | %.0f s | %.0f s | %@ |", swarm, rule, mean, ninetieth, gains)
    }

    var json: String {
        let width = gain.halfWidth.isFinite ? String(format: "%.3f", gain.halfWidth) : "null"
        return String(
            format: "{\"swarm\":\"%@\",\"rule\":\"%@\",\"mean\":%.1f,\"p90\":%.1f,\"gain\":%.3f,\"gain_ci95\":%@}",
            swarm, rule, mean, ninetieth, gain.value, width)
    }
}

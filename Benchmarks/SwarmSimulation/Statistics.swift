/// Sums over the runs of one rule in one swarm.
struct Statistics {
    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    /// The value below which 90 % lie.
    static func ninetieth(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 9 / 10)]
    }

    /// Half the width of the 95 % confidence interval of the mean (Student's t).
    static func halfWidth(_ values: [Double]) -> Double {
        guard values.count > 1 else { return .infinity }
        let mean = mean(values)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        return quantile(values.count - 1) * (variance / Double(values.count)).squareRoot()
    }

    /// The 97.5 % quantile of Student's t.
    private static func quantile(_ freedom: Int) -> Double {
        let table = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12]
        return freedom <= table.count ? table[freedom - 1] : 2.0 + 2.0 / Double(freedom)
    }
}

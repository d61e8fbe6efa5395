/// A vertical axis from zero to a round number that holds every value.
struct ChartScale: Equatable {
    /// The value at the top, at least 1.
    let top: Double
    /// The distance between two lines of the grid.
    let step: Double

    /// An axis for values up to `largest`, with two to five lines at whole numbers.
    init(upTo largest: Double) {
        let largest = largest.isFinite ? min(max(largest, 1), 1e15) : 1
        var unit = 1.0
        while unit * 10 <= largest { unit *= 10 }
        let steps = [0.2, 0.5, 1, 2].map { $0 * unit }.filter { $0 >= 1 }
        let step = steps.first { largest <= $0 * 5 } ?? unit
        self.step = step
        top = step * max(1, (largest / step).rounded(.up))
    }

    /// The values of the grid's lines above zero, the top among them.
    var lines: [Double] { (1...max(1, Int((top / step).rounded()))).map { Double($0) * step } }

    /// Where a value lies, from 1 at the bottom to 0 at the top; values outside lie on the edge.
    func height(_ value: Double) -> Double { value.isFinite ? 1 - min(max(value / top, 0), 1) : 1 }

    /// A value on the axis in few letters: `250`, `1.5k`, `3M`.
    static func label(_ value: Double) -> String {
        for (unit, sign) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= unit {
            return ByteWords.oneDecimal(value / unit) + sign
        }
        return ByteWords.oneDecimal(value)
    }
}

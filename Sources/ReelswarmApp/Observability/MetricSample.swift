import Metrics
import Synchronization

/// One time series: a name with its labels, and a value or a count with a sum.
final class MetricSample: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    /// Prometheus' word for how the value behaves.
    enum Kind: String {
        case counter, gauge, summary
    }

    private struct Value {
        var count: Int64 = 0
        var sum: Double = 0
    }

    let name: String
    let labels: String
    let kind: Kind
    private let value = Mutex(Value())

    init(name: String, labels: String, kind: Kind) {
        self.name = name
        self.labels = labels
        self.kind = kind
    }

    /// The value of a counter or gauge, the sum of a summary.
    var sum: Double { value.withLock { $0.sum } }

    /// The sample's lines in a scrape.
    var lines: [String] {
        let now = value.withLock { $0 }
        let suffix = labels.isEmpty ? "" : "{\(labels)}"
        guard kind == .summary else { return ["\(name)\(suffix) \(Self.number(now.sum))"] }
        return ["\(name)_count\(suffix) \(now.count)", "\(name)_sum\(suffix) \(Self.number(now.sum))"]
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? String(value)
    }

    private func add(_ amount: Double) {
        value.withLock {
            $0.sum += amount
            $0.count &+= 1
        }
    }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0.sum = value } }
    func reset() { value.withLock { $0 = Value() } }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { kind == .gauge ? set(value) : add(value) }
    func recordNanoseconds(_ duration: Int64) { add(Double(duration) / 1e9) }
}

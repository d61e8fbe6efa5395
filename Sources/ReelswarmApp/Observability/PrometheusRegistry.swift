import Metrics
import Synchronization

/// Collects the process's metrics and writes them in Prometheus' text format.
///
/// Counters and meters are one sample each; recorders and timers are a `_count` and a `_sum` (seconds for timers).
final class PrometheusRegistry: MetricsFactory, Sendable {
    private let samples = Mutex<[String: MetricSample]>([:])

    private func sample(_ label: String, _ dimensions: [(String, String)], kind: MetricSample.Kind) -> MetricSample {
        let name = Self.name(label)
        let labels = dimensions.map { "\(Self.name($0.0))=\"\(Self.escape($0.1))\"" }.joined(separator: ",")
        return samples.withLock { samples in
            let key = "\(name){\(labels)}"
            if let known = samples[key] { return known }
            let made = MetricSample(name: name, labels: labels, kind: kind)
            samples[key] = made
            return made
        }
    }

    /// The sum of all series of a name that have these labels.
    func sum(of name: String, where labels: [(String, String)] = []) -> Double {
        let wanted = labels.map { "\(Self.name($0.0))=\"\(Self.escape($0.1))\"" }
        return samples.withLock { samples in
            samples.values.reduce(0) { sum, sample in
                let labels = sample.labels.split(separator: ",").map(String.init)
                return sample.name == name && wanted.allSatisfy(labels.contains) ? sum + sample.sum : sum
            }
        }
    }

    /// The text of one scrape, sorted by name.
    func text() -> String {
        let all = samples.withLock { Array($0.values) }.sorted { ($0.name, $0.labels) < ($1.name, $1.labels) }
        var lines: [String] = []
        var described = ""
        for sample in all {
            if sample.name != described {
                lines.append("# TYPE \(sample.name) \(sample.kind.rawValue)")
                described = sample.name
            }
            lines += sample.lines
        }
        return lines.joined(separator: "\n") + "\n"
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        sample(label, dimensions, kind: .counter)
    }

    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        sample(label, dimensions, kind: .counter)
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        sample(label, dimensions, kind: .gauge)
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        sample(label, dimensions, kind: aggregate ? .summary : .gauge)
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        sample(label + "_seconds", dimensions, kind: .summary)
    }

    func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }
    func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

    private func forget(_ handler: AnyObject) {
        samples.withLock { $0 = $0.filter { $0.value !== handler } }
    }

    private static func name(_ label: String) -> String {
        String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
    }

    private static func escape(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

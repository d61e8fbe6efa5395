import Metrics
import NIOCore
import Synchronization

/// Counts requests and their time. Labels are route patterns and registered methods, never what a client wrote.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String?
        let status: Int
    }

    private struct Instruments {
        let count: Counter
        let time: Timer
    }

    private let server: String
    private let instruments = Mutex<[Key: Instruments]>([:])

    init(server: String) {
        self.server = server
    }

    func record(method: String, route: String?, status: Int, since start: NIODeadline) {
        let key = Key(method: method, route: route, status: status)
        let found = instruments.withLock { known in
            if let found = known[key] { return found }
            let made = make(key)
            known[key] = made
            return made
        }
        found.count.increment()
        found.time.recordNanoseconds((NIODeadline.now() - start).nanoseconds)
    }

    private func make(_ key: Key) -> Instruments {
        let labels = [
            ("server", server), ("method", key.method), ("route", key.route ?? "none"), ("status", String(key.status)),
        ]
        return Instruments(
            count: Counter(label: "http_requests_total", dimensions: labels),
            time: Timer(label: "http_request_duration", dimensions: labels))
    }
}

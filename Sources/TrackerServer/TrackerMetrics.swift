import CoreMetrics
import Metrics

/// What a tracker counts for operators. No label comes from a request.
struct TrackerMetrics: Sendable {
    private let answeredOverUDP = Self.announces("udp", "answered")
    private let refusedOverUDP = Self.announces("udp", "refused")
    private let answeredOverHTTP = Self.announces("http", "answered")
    private let refusedOverHTTP = Self.announces("http", "refused")
    private let scrapesOverUDP = Counter(label: "tracker_scrapes_total", dimensions: [("transport", "udp")])
    private let scrapesOverHTTP = Counter(label: "tracker_scrapes_total", dimensions: [("transport", "http")])
    private let connects = Counter(label: "tracker_udp_connects_total")
    private let silences = Counter(label: "tracker_udp_unanswered_total")

    /// Adds what a socket thread counted over a batch.
    func add(_ numbers: UDPExchange.Numbers) {
        if numbers.connects > 0 { connects.increment(by: numbers.connects) }
        if numbers.answered > 0 { answeredOverUDP.increment(by: numbers.answered) }
        if numbers.refused > 0 { refusedOverUDP.increment(by: numbers.refused) }
        if numbers.scrapes > 0 { scrapesOverUDP.increment(by: numbers.scrapes) }
        if numbers.silences > 0 { silences.increment(by: numbers.silences) }
    }

    /// Counts one announce over HTTP.
    func countHTTPAnnounce(isAnswered: Bool) { (isAnswered ? answeredOverHTTP : refusedOverHTTP).increment() }

    /// Counts one scrape over HTTP.
    func countHTTPScrape() { scrapesOverHTTP.increment() }

    private static func announces(_ transport: String, _ outcome: String) -> Counter {
        Counter(label: "tracker_announces_total", dimensions: [("transport", transport), ("outcome", outcome)])
    }
}

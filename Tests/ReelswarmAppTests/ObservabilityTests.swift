import Metrics
import Testing

@testable import ReelswarmApp

@Suite struct ObservabilityTests {
    @Test func aScrapeHasCountersGaugesAndSums() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "http.requests", dimensions: [("route", "/videos/{slug}"), ("status", "200")])
            .increment(by: 2)
        registry.makeMeter(label: "peers", dimensions: []).set(Int64(7))
        registry.makeTimer(label: "answer", dimensions: []).recordNanoseconds(1_500_000_000)
        let text = registry.text()
        #expect(
            text.contains("# TYPE http_requests counter\nhttp_requests{route=\"/videos/{slug}\",status=\"200\"} 2\n"))
        #expect(text.contains("# TYPE peers gauge\npeers 7\n"))
        #expect(text.contains("answer_seconds_count 1\nanswer_seconds_sum 1.5\n"))
    }

    @Test func theSameLabelsAreTheSameSeries() {
        let registry = PrometheusRegistry()
        for _ in 0..<3 { registry.makeCounter(label: "a", dimensions: [("b", "c")]).increment(by: 1) }
        #expect(registry.text() == "# TYPE a counter\na{b=\"c\"} 3\n")
    }

    @Test func aLabelCannotEndItsQuotesOrItsLine() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "a", dimensions: [("b", "x\"}\n evil 1")]).increment(by: 1)
        #expect(registry.text() == "# TYPE a counter\na{b=\"x\\\"}\\n evil 1\"} 1\n")
    }

    @Test(arguments: [
        ("a\r\nb", "a\\r\\nb"), ("\u{1b}[2J", "\\u001b[2J"), ("\u{0}", "\\u0000"), ("\u{9b}x", "\\u009bx"),
        ("\"\\", "\\\"\\\\"), ("é\u{301}", "é\u{301}"),
    ])
    func aLoggedValueCannotBreakItsLine(text: String, escaped: String) {
        #expect(LineLogHandler.escape(text, quote: true) == escaped)
    }
}

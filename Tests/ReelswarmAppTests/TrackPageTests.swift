import ByteCoding
import Foundation
import HTTPTypes
import Logging
import Metainfo
import Synchronization
import Testing
import TrackerServer
import WebServer

@testable import ReelswarmApp

@Suite struct TrackPageTests {
    private static let statistics = TrackStatistics(
        version: "1.2.3", uptime: 93_784, torrents: 1234, seeders: 5_678_901, leechers: 12, partialSeeds: 3,
        addresses: 99, udp: .init(answered: 1000, refused: 2, perSecond: 12.5),
        http: .init(answered: 5, refused: 0, perSecond: 0.1), scrapes: 8, memory: 30 << 20,
        largestSwarms: [
            .init(seeders: 6, leechers: 2, partialSeeds: 2), .init(seeders: 1, leechers: 0, partialSeeds: 0),
        ],
        interval: 900)

    // MARK: - The page

    @Test func thePageShowsTheFiguresAndHasNoScript() {
        let page = TrackPage.html(Self.statistics, history: [])
        #expect(page.contains("5\u{202f}678\u{202f}901"))
        #expect(page.contains("up 1 d 2 h"))
        #expect(page.contains("12.5"))
        #expect(page.contains("6 seeders, 2 leechers, 2 partial seeds"))
        #expect(page.contains("1 seeders, 0 leechers</li>"))
        #expect(page.contains("30.0 MiB"))
        #expect(!page.contains("<script") && !page.contains("<svg"))
    }

    @Test func anIdleTrackerSaysSo() {
        var idle = Self.statistics
        idle.largestSwarms = []
        #expect(TrackPage.html(idle, history: []).contains("Nobody has announced yet."))
    }

    @Test func theChartHasAnAreaForEachTransport() {
        let rates = (0..<360).map { TrafficMeter.Rate(udp: Double($0), http: 10) }
        let chart = TrafficChart.svg(rates)
        #expect(chart.components(separatedBy: "<path").count == 3)
        #expect(chart.contains("at most 369"))
        #expect(chart.utf8.count < 10_000)
        #expect(TrafficChart.svg([.init()]).isEmpty)
        #expect(!TrafficChart.svg([.init(), .init()]).contains("nan"))
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1\u{202f}000"), (1_234_567, "1\u{202f}234\u{202f}567")])
    func numbersAreGrouped(number: Int, text: String) {
        #expect(TrackPage.grouped(number) == text)
    }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (900, "15 min"), (3661, "1 h 1 min"), (90_000, "1 d 1 h"),
    ])
    func durationsAreInTheGreatestUnits(seconds: Int, text: String) {
        #expect(TrackPage.duration(seconds) == text)
    }

    // MARK: - The meter

    @Test func ratesComeFromGrowth() {
        let total = Mutex(TrafficMeter.Totals())
        let meter = TrafficMeter { total.withLock { $0 } }
        let start = ContinuousClock.now
        #expect(meter.current(at: start) == .init())
        meter.sample(at: start)
        total.withLock { $0 = .init(udp: 100, http: 10) }
        meter.sample(at: start + .seconds(5))
        #expect(meter.history == [.init(udp: 20, http: 2)])
        total.withLock { $0 = .init(udp: 200, http: 10) }
        #expect(meter.current(at: start + .seconds(10)) == .init(udp: 20, http: 1))
    }

    @Test func theMeterKeepsHalfAnHour() {
        let meter = TrafficMeter { .init() }
        let start = ContinuousClock.now
        for index in 0..<1000 { meter.sample(at: start + .seconds(5 * index)) }
        #expect(meter.history.count == 360)
    }

    // MARK: - The routes

    private func router(_ tracker: Tracker) -> Router {
        let metrics = PrometheusRegistry()
        let desk = StatisticsDesk(
            tracker: tracker, roll: SwarmRoll(tracker: tracker), metrics: metrics,
            meter: TrafficMeter { metrics.announces })
        var router = Router()
        router.addTracker(tracker)
        router.addTrackPages(desk) { metrics.text() }
        return router
    }

    private func get(_ target: String, from router: Router) async throws -> (HTTPResponse.Status, HTTPFields, String) {
        let home = try #require(IPAddress("127.0.0.1"))
        let endpoint = Endpoint(address: home, port: 9)
        let response = await router.respond(
            to: try Request(target: target, client: endpoint, localAddress: endpoint))
        guard case .bytes(let bytes) = response.body else { return (response.status, response.headers, "") }
        return (response.status, response.headers, String(decoding: bytes, as: UTF8.self))
    }

    private func tracker() -> Tracker {
        Tracker(configuration: TrackerConfiguration(hosts: ["127.0.0.1"]), logger: Logger(label: "test"))
    }

    private static let query =
        "info_hash=" + String(repeating: "%0a", count: 20)
        + "&peer_id=-XX0001-123456789012&port=6881&uploaded=0&downloaded=0&left=0&event=started"

    private func allowed(_ tracker: Tracker) throws {
        tracker.allow(try #require(InfoHash(bytes: Array(repeating: 10, count: 20))))
    }

    @Test func theStatisticsAreThereAsPageAndAsJSONWithoutAnyHash() async throws {
        let tracker = tracker()
        try allowed(tracker)
        let router = router(tracker)
        _ = try await get("/announce?" + Self.query, from: router)
        let (status, headers, page) = try await get("/stats", from: router)
        #expect(status == .ok && page.contains("<h1>Tracker</h1>") && page.contains("1 seeders, 0 leechers"))
        #expect(headers[.contentSecurityPolicy] == "default-src 'none'; style-src 'unsafe-inline'")
        #expect(headers[.cacheControl] == "no-store")
        let json = try await get("/stats.json", from: router).2
        let told = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(told["torrents"] as? Int == 1)
        #expect(told["seeders"] as? Int == 1)
        #expect(
            (told["largest_swarms"] as? [[String: Int]])?.first == ["leechers": 0, "partial_seeds": 0, "seeders": 1])
        for text in [page, json] { #expect(!text.lowercased().contains("0a0a0a0a") && !text.contains("127.0.0.1")) }
    }

    @Test func theRootLeadsToTheStatisticsAndProbesAnswer() async throws {
        let router = router(tracker())
        let (status, headers, _) = try await get("/", from: router)
        #expect(status == .seeOther && headers[.location] == "/stats")
        #expect(try await get("/healthz", from: router).2 == "ok\n")
        #expect(try await get("/metrics", from: router).0 == .ok)
        #expect(try await get("/nothing", from: router).0 == .notFound)
    }

    @Test(arguments: ["/announce", "/announce/ada", "/ada/announce"])
    func announcesAreTakenWithAKeyOnEitherSide(_ path: String) async throws {
        let tracker = tracker()
        try allowed(tracker)
        let router = router(tracker)
        #expect(try await get(path + "?" + Self.query, from: router).2.contains("8:interval"))
        tracker.setPasskeys(["ada"])
        let answer = try await get(path + "?" + Self.query, from: router).2
        #expect(answer.contains("unknown passkey") == (path == "/announce"))
        #expect(answer.contains("8:interval") == (path != "/announce"))
    }

    @Test(arguments: ["/scrape", "/scrape/ada", "/ada/scrape"])
    func scrapesNeedTheKeyToo(_ path: String) async throws {
        let tracker = tracker()
        try allowed(tracker)
        tracker.setPasskeys(["ada"])
        let target = path + "?info_hash=" + String(repeating: "%0a", count: 20)
        let answer = try await get(target, from: router(tracker)).2
        #expect(answer.contains("unknown passkey") == (path == "/scrape"))
        #expect(answer.contains("8:complete") == (path != "/scrape"))
    }

    // MARK: - Memory

    @Test func theProcessHoldsSomeMemory() {
        #expect(ProcessMemory.resident > 1 << 20)
    }
}

import Foundation
import Testing

@testable import Site

@Suite struct SwarmReadingTests {
    private func report(
        _ seeders: Int?, _ leechers: Int?, completed: Int? = nil, age: Int? = 60, url: String = "udp://a.example:80"
    ) -> TrackerReport {
        TrackerReport(url: url, seeders: seeders, leechers: leechers, completed: completed, age: age)
    }

    private func json(_ reading: SwarmReading, slug: String? = nil) -> String {
        String(decoding: JSONText.encode(SwarmReport(reading, slug: slug)), as: UTF8.self)
    }

    @Test func ourOwnCountsStandAlone() {
        let own = SwarmCounts(seeders: 3, leechers: 2, completed: 5, partialSeeds: 1, serverSeeding: true)
        let reading = SwarmReading(own: own, usesOwn: true, trackers: [])
        #expect(reading.counts == own && reading.source == .embedded && reading.age == nil && reading.isKnown)
        #expect(
            json(reading) == #"{"completed":5,"leechers":2,"partial_seeds":1,"seeders":3,"#
                + #""server_seeding":true,"source":"embedded"}"#)
    }

    @Test func theFullestViewIsShown() {
        let own = SwarmCounts(seeders: 3, leechers: 2, completed: 5, partialSeeds: 1, serverSeeding: true)
        let same = SwarmReading(own: own, usesOwn: true, trackers: [report(4, 1)])
        #expect(same.source == .embedded && same.counts == own)
        let fuller = SwarmReading(own: own, usesOwn: true, trackers: [report(4, 2), report(40, 3, completed: 70)])
        #expect(fuller.source == .outside && fuller.age == 60)
        #expect(fuller.counts.seeders == 40 && fuller.counts.leechers == 3 && fuller.counts.completed == 70)
        #expect(fuller.counts.serverSeeding)
        // What was counted for ever is never less than what we have counted ourselves.
        #expect(SwarmReading(own: own, usesOwn: true, trackers: [report(9, 9, completed: 1)]).counts.completed == 5)
    }

    /// Of a swarm that only outside trackers know our own zero is no truth.
    @Test func withoutOurOwnTrackerTheOthersCount() {
        let own = SwarmCounts(seeders: 1, serverSeeding: true)
        let reading = SwarmReading(own: own, usesOwn: false, trackers: [report(0, 0)])
        #expect(reading.source == .outside && reading.counts.seeders == 1 && reading.counts.leechers == 0)
        let stale = SwarmReading(
            own: own, usesOwn: false, trackers: [report(9, 9, age: 90_000), report(2, 1, age: 9000)])
        #expect(stale.counts.seeders == 2 && stale.age == 9000)
    }

    @Test func countsOfLongAgoDoNotOutdoOurs() {
        let own = SwarmCounts(seeders: 1)
        let reading = SwarmReading(own: own, usesOwn: true, trackers: [report(50, 50, age: SwarmReading.freshFor + 1)])
        #expect(reading.source == .embedded && reading.counts == own)
    }

    @Test func beforeTheFirstAnswerNothingIsKnown() {
        let own = SwarmCounts(seeders: 1, serverSeeding: true)
        let reading = SwarmReading(
            own: own, usesOwn: false, trackers: [TrackerReport(url: "http://t.example/announce", problem: "no <route>")]
        )
        #expect(!reading.isKnown && reading.counts.seeders == 1)
        #expect(
            json(reading, slug: "sea") == #"{"age":null,"completed":0,"leechers":0,"partial_seeds":0,"seeders":1,"#
                + #""server_seeding":true,"slug":"sea","source":"outside","trackers":[{"age":null,"completed":null,"#
                + #""leechers":null,"problem":"not reached","seeders":null,"url":"http://t.example/announce"}]}"#)
        let nobody = SwarmReading(own: SwarmCounts(), usesOwn: false, trackers: [])
        #expect(nobody.counts == SwarmCounts() && nobody.source == .outside && !nobody.isKnown)
    }

    /// Numbers from outside are taken as they come, or bounded; nothing overflows.
    @Test(arguments: [(Int.max, Int.max), (Int.min, Int.min), (-1, -1), (Int.max, 0)])
    func wildNumbersAreBorne(_ seeders: Int, _ leechers: Int) {
        for usesOwn in [true, false] {
            let reading = SwarmReading(
                own: SwarmCounts(seeders: 1), usesOwn: usesOwn,
                trackers: [report(seeders, leechers, completed: seeders, age: leechers), report(seeders, leechers)])
            #expect(reading.counts.seeders >= 0 && reading.counts.leechers >= 0 && reading.counts.completed >= 0)
            #expect((reading.age ?? 0) >= 0)
        }
    }

    @Test(arguments: [
        ("udp://tracker.example:6969/announce", "tracker.example:6969 (UDP)"),
        ("https://tracker.example/0123456789abcdef/announce", "tracker.example (HTTPS)"),
        ("http://user:word@tracker.example/announce", "tracker.example (HTTP)"),
        ("http://[2001:db8::1]:80/announce?key=1", "[2001:db8::1]:80 (HTTP)"), ("nonsense", "nonsense"),
        ("http://t.example?key=1", "t.example (HTTP)"), ("://", "://"),
    ])
    func trackersAreNamedByHost(_ url: String, _ name: String) { #expect(TrackerReportWords.name(url) == name) }

    @Test func onlyManagersReadATrackersOwnWords() {
        let failed = TrackerReportWords(
            report: TrackerReport(url: "udp://t.example:80", problem: "database is on fire", nextAttempt: 120))
        #expect(failed.problem(forManagers: false) == "not reached")
        #expect(failed.problem(forManagers: true) == "not reached: database is on fire; asked again in 2 minutes")
        #expect(failed.counts == "")
        #expect(TrackerReportWords(report: report(4, 2)).counts == "4 seeding, 2 fetching")
        #expect(TrackerReportWords(report: report(4, 2)).problem(forManagers: true) == "")
        let unasked = TrackerReportWords(report: report(nil, nil, age: nil))
        #expect(unasked.counts == "not asked yet" && unasked.problem(forManagers: true) == "")
    }
}

import Catalog
import Foundation
import Metainfo
import Postgres
import Testing

@testable import Site
@testable import Store

@Suite struct SwarmPageTests {
    private static let outside = "udp://tracker.example:6969/announce"

    @Test func partialSeedsAreShownWhenThereAreAny() async throws {
        try await SiteUnderTest.with { site in
            let hash = try #require(try await site.publish("Sea").torrent?.infoHash)
            var visitor = try await site.browser()
            #expect(try await visitor.get("/videos/sea").text.contains("data-swarm-partial hidden"))
            site.swarm.set(hash, SwarmCounts(seeders: 2, leechers: 1, completed: 4, partialSeeds: 3))
            let page = try await visitor.get("/videos/sea").text
            #expect(page.contains("data-swarm-partial>") && page.contains("data-swarm=\"partial_seeds\">3<"))
            #expect(page.contains("data-swarm=\"completed\">4<"))
            #expect(page.contains("This server is not seeding this film now."))
            #expect(page.contains("This site’s tracker"))
        }
    }

    @Test func outsideCountsHaveTheirAgeAndProblemsTheirReaders() async throws {
        try await SiteUnderTest.with { site in
            let hash = try #require(try await site.publish("Sea").torrent?.infoHash)
            site.swarm.set(
                hash,
                reports: [
                    TrackerReport(url: Self.outside, seeders: 40, leechers: 3, completed: 9, age: 190),
                    TrackerReport(url: "http://other.example/announce", problem: "<b>torrent</b> not registered"),
                ], usesOwn: true)
            var visitor = try await site.browser()
            let page = try await visitor.get("/videos/sea").text
            for text in [
                "data-swarm=\"seeders\">40<", "data-swarm=\"leechers\">3<", "data-age=\"190\">3 minutes ago<",
                "tracker.example:6969 (UDP)", "40 seeding, 3 fetching",
                "data-tracker=\"http://other.example/announce\"",
                ">not reached<", "data-swarm-outside>", "data-swarm-unknown hidden",
            ] { #expect(page.contains(text), "\(text)") }
            #expect(!page.contains("not registered"))
            var owner = try await site.browser(as: "publisher")
            #expect(
                try await owner.get("/videos/sea").text.contains(
                    "not reached: &lt;b&gt;torrent&lt;/b&gt; not registered"))
            #expect(try await visitor.get("/").text.contains("data-swarm=\"seeders\">40<"))
            let json = try await visitor.get("/videos/sea/swarm").json()
            #expect(json["source"] as? String == "outside" && json["age"] as? Int == 190)
            let trackers = try #require(json["trackers"] as? [[String: Any]])
            #expect(trackers.count == 2 && trackers[1]["problem"] as? String == "not reached")
            let video = try await visitor.api(.get, "/videos").json()["videos"] as? [[String: Any]]
            #expect((video?.first?["swarm"] as? [String: Any])?["seeders"] as? Int == 40)
        }
    }

    /// Zero would be a lie before anyone has counted.
    @Test func nobodysCountIsADash() async throws {
        try await SiteUnderTest.with { site in
            let hash = try #require(try await site.publish("Sea").torrent?.infoHash)
            site.swarm.set(hash, reports: [TrackerReport(url: Self.outside)], usesOwn: false)
            var visitor = try await site.browser()
            for target in ["/", "/videos/sea"] {
                let page = try await visitor.get(target).text
                #expect(page.contains("data-swarm=\"seeders\">–<") && page.contains("data-swarm=\"leechers\">–<"))
            }
            let page = try await visitor.get("/videos/sea").text
            #expect(page.contains("not asked yet") && !page.contains("This site’s tracker"))
            #expect(page.contains("data-swarm-unknown>") && page.contains("data-swarm-outside hidden"))
            let json = try await visitor.get("/videos/sea/swarm").json()
            #expect(json["seeders"] as? Int == 1 && json["source"] as? String == "outside" && json["age"] is NSNull)
        }
    }

    // MARK: - History

    @Test func withoutHistoryThereIsASentence() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Sea")
            var visitor = try await site.browser()
            let page = try await visitor.get("/videos/sea").text
            #expect(page.contains("There is no history yet.") && !page.contains("<svg class=\"chart\""))
            var admin = try await site.browser(as: "admin")
            #expect(try await admin.get("/admin").text.contains("There is no history yet."))
        }
    }

    @Test func historyIsDrawn() async throws {
        try await SiteUnderTest.with { site in
            let hash = try #require(try await site.publish("Sea").torrent?.infoHash)
            try await site.note(hash, hoursAgo: 3, seeders: 4, leechers: 2, uploaded: 5_000_000)
            try await site.note(hash, hoursAgo: 1, seeders: 1, leechers: 7, uploaded: 1_000_000)
            try await site.note(nil, hoursAgo: 3, seeders: 40, leechers: 20, uploaded: 5_000_000)
            var visitor = try await site.browser()
            for range in ["day", "week", "month", "year"] {
                let page = try await visitor.get("/videos/sea?history=\(range)").text
                for text in [
                    "<svg class=\"chart\" role=\"img\"", "<title id=\"chart-title\">Swarm of the last \(range)</title>",
                    "href=\"/videos/sea?history=\(range)#history\" aria-current=\"true\"", "The latest numbers",
                ] { #expect(page.contains(text), "\(range) \(text)") }
                #expect(page.firstMatch(of: /d="M[\d. HV]+"/) != nil)
                #expect(!page.contains("nan") && !page.contains("inf\""))
            }
            let day = try await visitor.get("/videos/sea?history=%22%3E%3Cx%3E").text
            #expect(day.contains("Seeders, at most <b>4</b>") && day.contains("Sent by this server, <b>6 MB</b>"))
            var admin = try await site.browser(as: "admin")
            let dashboard = try await admin.get("/admin?history=week").text
            #expect(
                dashboard.contains("Seeders, at most <b>40</b>") && dashboard.contains("/admin?history=year#history"))
            #expect(try await admin.api(.patch, "/settings", json: #"{"bittorrent_enabled":false}"#).status == 200)
            #expect(!(try await visitor.get("/videos/sea").text.contains("id=\"history\"")))
            #expect(!(try await admin.get("/admin").text.contains("id=\"history\"")))
        }
    }

    @Test func theDashboardLinksWhatWasDecidedAbout() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Contested <work>")
            var admin = try await site.browser(as: "admin")
            _ = try await admin.post("/videos/contested-work/takedown", [("reason", "rights")])
            let page = try await admin.get("/admin").text
            #expect(page.contains("<a href=\"/videos/contested-work\">Contested &lt;work&gt;</a>"))
        }
    }
}

extension SiteUnderTest {
    /// Writes one row of history.
    fileprivate func note(
        _ hash: InfoHash?, hoursAgo hours: Int, seeders: Int, leechers: Int, uploaded: Int64
    ) async throws {
        try await store.database.execute(
            """
            INSERT INTO swarm_history (info_hash, at, seeders, leechers, partial_seeds, completed, uploaded)
            VALUES (\(hash?.bytes ?? []), now() - \(Double(hours)) * interval '1 hour', \(Double(seeders)),
                \(Double(leechers)), 0, 0, \(uploaded))
            """)
    }
}

import ByteCoding
import Catalog
import HTTPTypes
import Metainfo
import Testing

@testable import Site

/// The admin's pages on torrents, announces, trackers and connectivity.
@Suite struct SwarmAdminTests {
    private static let hostile = "<script>alert(1)</script>\"'&\u{202E}"

    private func line(
        _ hash: InfoHash, _ act: AnnounceLine.Act, client: String = "-TR3000-", left: UInt64 = 0, given: Int = 0,
        uploaded: UInt64 = 0, refusal: String? = nil
    ) throws -> AnnounceLine {
        AnnounceLine(
            at: Timestamp(seconds: 1_790_000_000), hash: hash, endpoint: try #require(Endpoint("198.51.100.7:51413")),
            client: client, act: act, transport: .udp, uploaded: uploaded, left: left, given: given, refusal: refusal)
    }

    // MARK: Torrents

    @Test func torrentsAreFoundAndOrdered() async throws {
        try await SiteUnderTest.with { site in
            var hashes: [String: InfoHash] = [:]
            for (title, size) in [("Beta", 3000), ("alpha", 9000), ("Gamma 100%", 500)] {
                let video = try await site.publish(title, bytes: [UInt8](repeating: title.utf8.first ?? 0, count: size))
                hashes[title] = video.torrent?.infoHash
            }
            site.swarm.set(try #require(hashes["Beta"]), SwarmCounts(seeders: 9, leechers: 1, serverSeeding: true))
            site.swarm.set(try #require(hashes["Gamma 100%"]), SwarmCounts(seeders: 4, leechers: 7))
            var admin = try await site.browser(as: "admin")
            for (query, order) in [
                ("", ["Gamma 100%", "alpha", "Beta"]), ("?sort=title", ["alpha", "Beta", "Gamma 100%"]),
                ("?sort=size", ["alpha", "Beta", "Gamma 100%"]), ("?sort=seeders", ["Beta", "Gamma 100%", "alpha"]),
                ("?sort=leechers", ["Gamma 100%", "Beta", "alpha"]),
                ("?sort=nonsense", ["Gamma 100%", "alpha", "Beta"]),
                ("?q=ALPHA", ["alpha"]), ("?q=100%25", ["Gamma 100%"]), ("?q=_", []), ("?q=%25", ["Gamma 100%"]),
                ("?q=\(try #require(hashes["Beta"]).hex)", ["Beta"]), ("?page=2", []),
            ] {
                let page = try await admin.get("/admin/torrents" + query)
                #expect(page.status == 200)
                let places = ["alpha", "Beta", "Gamma 100%"].compactMap { title in
                    page.text.range(of: ">\(title)</a>").map { (title, $0.lowerBound) }
                }
                #expect(places.sorted { $0.1 < $1.1 }.map(\.0) == order, "\(query)")
            }
            #expect(try await admin.get("/admin/torrents?q=%00").status == 400)
            #expect(try await admin.get("/admin/torrents?page=0").status == 400)
            let text = try await admin.get("/admin/torrents?sort=size").text
            #expect(text.contains(#"data-live="beta""#) && text.contains(#"<span data-swarm="leechers">7</span>"#))
        }
    }

    @Test func pagesKeepSearchAndOrder() async throws {
        try await SiteUnderTest.with { site in
            for number in 0..<51 { try await site.publish("Film \(number)") }
            var admin = try await site.browser(as: "admin")
            let first = try await admin.get("/admin/torrents?q=film&sort=title").text
            #expect(first.contains("51 torrents") && first.contains("/admin/torrents?q=film&amp;sort=title&amp;page=2"))
            let second = try await admin.get("/admin/torrents?q=film&sort=title&page=2").text
            #expect(second.components(separatedBy: "data-live=").count == 2 && second.contains("Page 2 of 2"))
        }
    }

    // MARK: Peers

    @Test func peersAreShortenedUnlessAsked() async throws {
        try await SiteUnderTest.with { site in
            let hash = try #require(try await site.publish("Sea").torrent?.infoHash)
            site.swarm.set(
                hash,
                peers: [
                    PeerLine(
                        endpoint: try #require(Endpoint("198.51.100.7:51413")), client: "-TR3000-", progress: 0.409,
                        uploaded: 1000, downloaded: 2_000_000, lastSeen: 65, role: .leecher),
                    PeerLine(
                        endpoint: try #require(Endpoint("[2001:db8::7]:6881")), client: Self.hostile, progress: 1,
                        sent: 5000, rate: 2000, role: .partialSeed, source: .connected),
                ])
            var admin = try await site.browser(as: "admin")
            let page = try await admin.get("/admin/torrents/\(hash)").text
            for shown in [
                "Transmission 3.00", "198.51.…", "2001:db8:…", "IPv4", "IPv6", "40 %", "1 KB", "2 MB", "1 minute ago",
                "partial seed, connected", "5 KB, 2 KB/s now", "&lt;script&gt;", "connected only",
                "/admin/torrents/\(hash)?addresses=whole", "/admin/announces?torrent=\(hash)",
            ] { #expect(page.contains(shown), "\(shown)") }
            #expect(!page.contains("198.51.100.7") && !page.contains("<script>alert"))
            let whole = try await admin.get("/admin/torrents/\(hash)?addresses=whole").text
            #expect(whole.contains("198.51.100.7:51413") && whole.contains("[2001:db8::7]:6881"))
        }
    }

    @Test func manyPeersHavePages() async throws {
        try await SiteUnderTest.with { site in
            let hash = try #require(try await site.publish("Sea").torrent?.infoHash)
            let peers = try (0..<150).map { number in
                let endpoint = Endpoint("9.9.9.\(number):1000")
                return PeerLine(endpoint: try #require(endpoint), lastSeen: number)
            }
            site.swarm.set(hash, peers: peers)
            var admin = try await site.browser(as: "admin")
            let first = try await admin.get("/admin/torrents/\(hash)?addresses=whole").text
            #expect(first.contains("9.9.9.0:1000") && !first.contains("9.9.9.120:1000"))
            #expect(first.contains("?addresses=whole&amp;page=2"))
            let last = try await admin.get("/admin/torrents/\(hash)?addresses=whole&page=9").text
            #expect(last.contains("9.9.9.120:1000") && last.contains("Page 2 of 2"))
        }
    }

    @Test func outsideTrackersViewOfATorrent() async throws {
        try await SiteUnderTest.with { site in
            let hash = try #require(try await site.publish("Sea").torrent?.infoHash)
            site.swarm.set(
                hash,
                reports: [
                    TrackerReport(url: "udp://a.example:1/announce", seeders: 12, leechers: 3, completed: 44, age: 90),
                    TrackerReport(url: "http://b.example/announce", problem: Self.hostile, nextAttempt: 30),
                ], usesOwn: true)
            var admin = try await site.browser(as: "admin")
            let page = try await admin.get("/admin/torrents/\(hash)").text
            for shown in [
                "udp://a.example:1/announce", "1 minute ago", "in 30 seconds", "Last problem: <bdi>&lt;script&gt;",
            ] {
                #expect(page.contains(shown), "\(shown)")
            }
            #expect(!page.contains("<script>alert"))
        }
    }

    // MARK: Announces

    @Test func announcesAreSentences() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("The <Sea>", bytes: [UInt8](repeating: 7, count: 1000))
            let hash = try #require(video.torrent?.infoHash)
            let unknown = try #require(InfoHash(hex: String(repeating: "ab", count: 20)))
            let lines = [
                try line(hash, .register, left: 1000, given: 12), try line(hash, .need, left: 1, given: 1),
                try line(hash, .update, uploaded: 5_000_000), try line(hash, .complete),
                try line(hash, .exit, client: "A2-1-36-", left: 500),
                try line(unknown, .refused, client: Self.hostile, refusal: Self.hostile),
                try line(hash, .need, left: .max),
            ]
            site.desk.set { $0.lines = lines }
            var admin = try await site.browser(as: "admin")
            let answer = try await admin.get("/admin/announces")
            let text = answer.text.replacing(/<[^>]*>/, with: "")
            for sentence in [
                "Transmission 3.00 at 198.51.… registered for “The &lt;Sea&gt;” over UDP, 0 % done, was given 12 peers",
                "asked for peers of “The &lt;Sea&gt;” over UDP, 99 % done, was given 1 peer",
                "is still there for “The &lt;Sea&gt;” over UDP, 100 % done, has sent 5 MB",
                "finished “The &lt;Sea&gt;”",
                "aria2 1.36 at 198.51.… left “The &lt;Sea&gt;” over UDP, 50 % done",
                "was refused for an unknown torrent abababababab… over UDP: &lt;script&gt;",
                "asked for peers of “The &lt;Sea&gt;” over UDP, was given no peers", "14:13:20",
            ] { #expect(text.contains(sentence), "\(sentence)") }
            #expect(!answer.text.contains("<script>alert") && !answer.text.contains("198.51.100.7"))
            #expect(answer.headers[.refresh] == nil && !answer.text.contains("log is off"))
            #expect(site.desk.seen.asked?.1 == 100)
            #expect(try await admin.get("/admin/announces?addresses=whole").text.contains("198.51.100.7:51413"))
        }
    }

    @Test func theFilterIsPassedOnAndKept() async throws {
        try await SiteUnderTest.with { site in
            let hash = try #require(try await site.publish("Sea").torrent?.infoHash)
            var admin = try await site.browser(as: "admin")
            let target = "/admin/announces?act=exit&transport=http&text=198.51%22&torrent=\(hash)&limit=300&refresh=on"
            let answer = try await admin.get(target)
            let (filter, limit) = try #require(site.desk.seen.asked)
            #expect(
                filter == AnnounceLineFilter(hash: hash, act: .exit, transport: .http, text: "198.51\"") && limit == 300
            )
            #expect(answer.headers[.refresh] == "10")
            for kept in [
                #"<option value="exit" selected>"#, #"<option value="http" selected>"#, #"value="198.51&quot;""#,
                "value=\"\(hash)\"", #"<option value="300" selected>"#, "Stop refreshing", "“Sea”", "matches",
            ] { #expect(answer.text.contains(kept), "\(kept)") }
            _ = try await admin.get("/admin/announces?act=bogus&transport=pigeon&limit=999999&torrent=&text=")
            #expect(site.desk.seen.asked.map { $0.0 == AnnounceLineFilter() && $0.1 == 100 } == true)
            #expect(try await admin.get("/admin/announces?torrent=xyz").status == 400)
            #expect(try await admin.get("/admin/announces?text=%00").status == 400)
        }
    }

    @Test func aSilentLogSaysSo() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            _ = try await admin.api(.patch, "/settings", json: #"{"tracker_log":false}"#)
            let page = try await admin.get("/admin/announces").text
            #expect(page.contains("announce log is off") && page.contains("/admin/settings#tracker_log"))
        }
    }

    // MARK: Trackers

    @Test func trackersShowWhatTheySaid() async throws {
        try await SiteUnderTest.with { site in
            site.desk.set {
                $0.figures = TrackerFigures(
                    torrents: 3, seeders: 1234, leechers: 5, addresses: 99, announcesPerSecond: 2.5)
            }
            var admin = try await site.browser(as: "admin")
            let none = try await admin.get("/admin/trackers").text
            for shown in [
                "1,234", "2.5", "udp://films.example:6969/announce", "Torrents name it.", "None. Torrents name",
            ] {
                #expect(none.contains(shown), "\(shown)")
            }
            _ = try await admin.api(
                .patch, "/settings",
                json:
                    #"{"tracker_urls":[["udp://a.example:1/announce","http://b.example/announce"],["udp://films.example:6969/announce"],["udp://new.example:1/announce"]]}"#
            )
            site.desk.set {
                $0.trackers = [
                    TrackerState(url: "udp://films.example:6969/announce", isOurs: true),
                    TrackerState(
                        url: "http://b.example/announce", lastFailure: 70, problem: Self.hostile, nextAttempt: 200),
                    TrackerState(url: "udp://a.example:1/announce", torrents: 17, lastSuccess: 30, lastFailure: 4000),
                    TrackerState(url: "udp://gone.example:1/announce"),
                ]
            }
            let page = try await admin.get("/admin/trackers").text
            for shown in [
                ">works<", ">fails<", ">ours<", ">not asked yet<", ">17<", "30 seconds ago", "in 3 minutes",
                "Last problem: <bdi>&lt;script&gt;", "this server counts here itself",
            ] { #expect(page.contains(shown), "\(shown)") }
            #expect(!page.contains("gone.example") && !page.contains("<script>alert"))
            let places = ["a.example:1", "b.example/", "new.example"].compactMap { page.range(of: $0)?.lowerBound }
            #expect(places.count == 3 && places == places.sorted())
        }
    }

    // MARK: Connectivity

    @Test func withoutAFilmThereIsNothingToTest() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            let page = try await admin.get("/admin/connectivity").text
            #expect(page.contains("Upload a film first") && !page.contains("id=\"connectivity\""))
            #expect(try await admin.post("/admin/connectivity").status == 200)
            #expect(site.desk.seen.tested.isEmpty)
        }
    }

    @Test func theTestGoesThroughThePublicAddress() async throws {
        try await SiteUnderTest.with(publicURL: "https://films.example") { site in
            let video = try await site.publish("Sea", fileName: "the sea.mp4")
            var admin = try await site.browser(as: "admin")
            site.desk.set {
                $0.checks = [
                    ConnectivityCheck(
                        part: .trackerUDP, target: "udp://films.example:6969/announce", passed: true,
                        sentence: "It answered.", milliseconds: 12),
                    ConnectivityCheck(
                        part: .peerPort, target: "93.184.216.34:6881", passed: false, sentence: Self.hostile,
                        milliseconds: 5000),
                    ConnectivityCheck(
                        part: .magnet, target: "", passed: nil, sentence: "Not tried.", milliseconds: nil),
                ]
            }
            #expect(try await admin.get("/admin/connectivity").text.contains("Test now"))
            #expect(site.desk.seen.tested.isEmpty)
            let page = try await admin.post("/admin/connectivity").text
            for shown in [
                "1 of 3 ways were reached from this machine", "12 ms", "Tracker over UDP", ">fails<", ">works<",
                ">not tried<", "&lt;script&gt;", "no evidence yet", "Test again",
            ] { #expect(page.contains(shown), "\(shown)") }
            #expect(!page.contains("<script>alert"))
            let (hash, links) = try #require(site.desk.seen.tested.first)
            #expect(hash == video.torrent?.infoHash && links.size == video.media.size)
            #expect(links.udpAnnounce == "udp://films.example:6969/announce")
            #expect(links.httpAnnounce == "https://films.example/announce")
            #expect(links.webSeed == "https://films.example/videos/sea/media/the%20sea.mp4")
            #expect(links.seeders.map(\.description) == ["93.184.216.34:6881"])
            #expect(try await admin.post("/admin/connectivity", csrf: "wrong").status == 403)
            #expect(site.desk.seen.tested.count == 1)
        }
    }

    @Test func outsideIsSaidOnlyFromEvidence() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            #expect(!(try await admin.get("/admin/connectivity").text).contains("reachable from outside"))
            site.desk.set { $0.evidence = ReachEvidence(lastInboundPeer: 200, lastAnnounce: 10, lastTransport: .http) }
            let page = try await admin.get("/admin/connectivity").text
            #expect(page.contains("reachable from outside") && page.contains("connected 3 minutes ago"))
            #expect(page.contains("over HTTP, 10 seconds ago"))
        }
    }

    @Test func offIsSaidEverywhere() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Sea")
            var admin = try await site.browser(as: "admin")
            _ = try await admin.api(.patch, "/settings", json: #"{"bittorrent_enabled":false}"#)
            for path in ["torrents", "announces", "trackers", "connectivity"] {
                #expect(try await admin.get("/admin/\(path)").text.contains("BitTorrent is off"), "\(path)")
            }
        }
    }
}

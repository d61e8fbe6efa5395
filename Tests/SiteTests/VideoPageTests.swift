import HTTPTypes
import Testing

@testable import Site

@Suite struct VideoPageTests {
    /// HAZARDS S13: text from users stays text, wherever it stands.
    private static let naughty = [
        "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}{{{x}}}", "a ]]> b",
        "'\"\u{301}onfocus=alert(1)",
        "javascript:alert(1)", "<!--", "&lt;b&gt;",
    ]

    @Test(arguments: naughty) func textStaysText(_ text: String) async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish(
                text, description: "\(text) http://a.example/\"onx=1 \(text)", tags: [text.replacing(",", with: "")],
                fileName: "a.mp4")
            var admin = try await site.browser(as: "admin")
            let hash = try #require(video.torrent?.infoHash.hex)
            for target in [
                "/", "/videos/\(video.slug)", "/videos/\(video.slug)/edit", "/admin/torrents",
                "/admin/torrents/\(hash)", "/?q=\(hash)",
            ] {
                let page = try await admin.get(target)
                #expect(page.status == 200, "\(target)")
                for raw in ["<script>alert", "<img src=x", "\"\u{301}onfocus", "<b>Evil", "\"onx"] {
                    // By bytes: a quote with a combining mark is not the Character of a quote.
                    #expect(!page.body.contains(Array(raw.utf8)), "\(target) has \(raw)")
                }
                if text.hasPrefix("{{"), !target.hasSuffix(hash) { #expect(page.text.contains(text), "\(target)") }
            }
            let json = try await admin.api(.get, "/videos/\(video.id)")
            #expect(!json.body.contains(UInt8(ascii: "<")))
            #expect(try json.json()["title"] as? String == text)
        }
    }

    @Test func showsWhatItIsAbout() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish(
                "Noise of the Sea", description: "Waves.\nSee https://sea.example/x, too.", tags: ["sea", "noise"])
            var visitor = try await site.browser()
            let page = try await visitor.get("/videos/noise-of-the-sea")
            #expect(page.status == 200)
            let torrent = try #require(video.torrent)
            for text in [
                "<h1>Noise of the Sea</h1>", "data-swarm=\"seeders\">1<", "data-swarm=\"leechers\">0<",
                "data-swarm=\"completed\">0<",
                "data-swarm=\"tracker\"", "udp://films.example:6969/announce", "http://films.example:6969/announce",
                torrent.infoHash.hex, "data-link=\"torrent\" href=\"/videos/noise-of-the-sea.torrent\"",
                "data-link=\"magnet\" href=\"magnet:?xt",
                "<a href=\"https://sea.example/x\" rel=\"nofollow noopener", "/?tag=noise", "1:02", "640 × 360",
                "H.264", "AAC, stereo, 48 kHz (fin)",
                "property=\"og:title\" content=\"Noise of the Sea\"",
                "content=\"http://films.example/videos/noise-of-the-sea\"",
                "This server is seeding this film.", "src=\"/videos/noise-of-the-sea/media\"",
                "/videos/noise-of-the-sea/media?download=1",
            ] { #expect(page.text.contains(text), "\(text)") }
            #expect(!page.text.contains("Manage this video"))
            var owner = try await site.browser(as: "publisher")
            #expect(try await owner.get("/videos/noise-of-the-sea").text.contains("Manage this video"))
            var other = try await site.browser(as: "other")
            #expect(!(try await other.get("/videos/noise-of-the-sea").text.contains("Manage this video")))
        }
    }

    @Test func withoutBitTorrentThereIsNoneOfIt() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Quiet")
            var admin = try await site.browser(as: "admin")
            #expect(try await admin.api(.patch, "/settings", json: #"{"bittorrent_enabled":false}"#).status == 200)
            let page = try await admin.get("/videos/quiet")
            #expect(page.status == 200 && !page.text.contains("data-swarm") && !page.text.contains("magnet:"))
            #expect(!(try await admin.get("/").text.contains("data-swarm")))
            #expect(try await admin.get("/videos/quiet.torrent").status == 404)
            #expect(try await admin.get("/videos/quiet/swarm").status == 404)
            #expect(try await admin.get("/videos/quiet/swarm/events").status == 404)
            #expect(try await admin.get("/swarm/events?videos=quiet").status == 404)
            #expect(try await admin.get("/videos/quiet/media").status == 200)
            #expect(try await admin.get("/admin/torrents").text.contains("BitTorrent is off."))
        }
    }

    @Test func takesDownAndRestores() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Contested")
            var owner = try await site.browser(as: "publisher")
            var visitor = try await site.browser()
            #expect(try await visitor.get("/videos/contested/swarm").status == 200)
            #expect(
                try await owner.post("/videos/contested/takedown", [("reason", "rights")]).location
                    == "/videos/contested")
            for path in ["", ".torrent", "/media", "/media/", "/media/film.mp4", "/swarm", "/swarm/events"] {
                #expect(try await visitor.get("/videos/contested" + path).status == 410, "\(path)")
            }
            let gone = try await visitor.get("/videos/contested")
            #expect(gone.text.contains("Taken down") && !gone.text.contains("Contested"))
            #expect(!(try await visitor.get("/").text.contains("Contested")))
            #expect(try await owner.get("/videos/contested").text.contains("taken down"))
            var admin = try await site.browser(as: "admin")
            #expect(try await admin.get("/admin").text.contains("rights"))
            #expect(try await owner.post("/videos/contested/restore").status == 303)
            #expect(try await visitor.get("/videos/contested").status == 200)
            #expect(try await owner.post("/videos/contested/delete").location == "/?deleted=film")
            #expect(try await owner.get("/?deleted=film").text.contains("The film is deleted."))
            #expect(try await visitor.get("/videos/contested").status == 404)
        }
    }

    @Test func theLibraryFindsAndPages() async throws {
        try await SiteUnderTest.with { site in
            var visitor = try await site.browser()
            #expect(try await visitor.get("/").text.contains("The shelves are empty"))
            for number in 1...26 { try await site.publish("Film \(number)", tags: [number % 2 == 0 ? "even" : "odd"]) }
            let first = try await visitor.get("/")
            #expect(first.text.contains("26 films and recordings") && first.text.contains("Page 1 of 2"))
            #expect(first.text.contains("<a href=\"/videos/film-26\">"))
            #expect(!first.text.contains("<a href=\"/videos/film-2\">"))
            #expect(try await visitor.get("/?page=2").text.contains("<a href=\"/videos/film-2\">"))
            let found = try await visitor.get("/?q=film%2013")
            #expect(found.text.contains("film-13") && !found.text.contains("<a href=\"/videos/film-14\">"))
            #expect(try await visitor.get("/?tag=even").text.contains("13 films"))
            #expect(try await visitor.get("/?q=%25").text.contains("Nothing found"))
            #expect(try await visitor.get("/?q=nothing%22%3E%3Cx%3E").text.contains("Nothing found"))
            for wrong in [
                "page=0", "page=-1", "page=x", "page=1e18", "page=99999999999999999999",
                "q=" + String(repeating: "x", count: 257),
            ] {
                #expect(try await visitor.get("/?" + wrong).status == 400, "\(wrong)")
            }
        }
    }

    /// HAZARDS S14, on every kind of answer.
    @Test func everyAnswerHasTheSecurityHeaders() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Seen")
            var visitor = try await site.browser()
            let css = site.context.assets.path(for: "site.css")
            for target in [
                "/", "/videos/seen", "/videos/none", "/nowhere", "/login", "/api/v1/videos", "/api/v1/nowhere",
                "/api/v1/settings", "/healthz", "/readyz", "/metrics", "/videos/seen/media", "/videos/seen.torrent",
                "/videos/seen/swarm", "/admin", css, "/assets/none.css",
            ] {
                let answer = try await visitor.get(target)
                let policy = try #require(answer.headers[.contentSecurityPolicy], "\(target)")
                for part in [
                    "default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
                    "form-action 'self'",
                ] {
                    #expect(policy.contains(part), "\(target) \(part)")
                }
                #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(target)")
                #expect(answer.headers[.init("Referrer-Policy")!] == "same-origin", "\(target)")
                #expect(answer.headers[.server] == nil)
                if answer.headers[.contentType]?.hasPrefix("text/html") == true {
                    #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
                }
            }
            #expect(try await visitor.get(css).headers[.cacheControl]?.contains("immutable") == true)
        }
    }
}

extension Array<UInt8> {
    /// Whether these bytes hold those somewhere.
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard other.count <= count else { return false }
        return (0...(count - other.count)).contains { self[$0..<($0 + other.count)].elementsEqual(other) }
    }
}

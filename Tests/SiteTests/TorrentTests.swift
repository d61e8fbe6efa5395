import ByteCoding
import Cryptography
import Metainfo
import Testing

@testable import Site

/// What stands around `info` is made for each request (DESIGN 2.6, 2.8; HAZARDS finding 8).
@Suite struct TorrentTests {
    @Test(arguments: [
        ("films.example", "films.example"), ("127.0.0.1:8080", "127.0.0.1"), ("[::1]:8080", "[::1]"),
        ("localhost:8080", "localhost"),
    ])
    func namesTheHostThatWasAskedFor(_ host: String, _ name: String) async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea")
            var visitor = try await site.browser()
            visitor.host = host
            let answer = try await visitor.get("/videos/sea.torrent")
            #expect(answer.headers[.contentType] == "application/x-bittorrent")
            #expect(answer.headers[.contentDisposition] == "attachment; filename=\"film.mp4.torrent\"")
            let torrent = try Torrent(decoding: answer.body)
            #expect(torrent.announceTiers == [["udp://\(name):6969/announce"], ["http://\(name):6969/announce"]])
            #expect(torrent.webSeeds == ["http://\(host)/videos/sea/media/"])
            #expect(torrent.info.name == "film.mp4")
            #expect(torrent.creationDate == video.publishedAt.seconds)
            let text = try await magnet(of: video.id.description, &visitor)
            let magnet = try MagnetLink(try #require(text))
            #expect(magnet.infoHashV1 == video.torrent?.infoHashV1)
            #expect(magnet.trackers == torrent.announceTiers.flatMap(\.self))
            #expect(magnet.webSeeds == torrent.webSeeds)
            #expect(magnet.exactSources == ["http://\(host)/videos/sea.torrent"])
            // The connection came to an address of a documentation range, which is of no use to anyone.
            #expect(magnet.peers == [])
            #expect(magnet.displayName == "film.mp4")
        }
    }

    private func magnet(of id: String, _ browser: inout Browser) async throws -> String? {
        let torrent = try await browser.api(.get, "/videos/\(id)").json()["torrent"] as? [String: Any]
        return torrent?["magnet"] as? String
    }

    @Test func aMagnetNamesTheAddressTheAskerCameTo() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea")
            var visitor = try await site.browser()
            for (local, peer) in [("127.0.0.1:8080", "127.0.0.1:6881"), ("[fd00::7]:8080", "[fd00::7]:6881")] {
                visitor.localAddress = local
                #expect(try await magnet(of: "\(video.id)", &visitor)?.contains("&x.pe=\(peer)") == true)
            }
        }
    }

    @Test func aPublicURLIsInEverything() async throws {
        try await SiteUnderTest.with(publicURL: "https://public.example") { site in
            let video = try await site.publish("Sea")
            var visitor = try await site.browser()
            let torrent = try Torrent(decoding: try await visitor.get("/videos/sea.torrent").body)
            #expect(
                torrent.announceTiers == [["udp://public.example:6969/announce"], ["https://public.example/announce"]])
            #expect(torrent.webSeeds == ["https://public.example/videos/sea/media/"])
            let magnet = try #require(try await magnet(of: "\(video.id)", &visitor))
            // Of the two addresses the name has, the one from a documentation range is of no use.
            #expect(try MagnetLink(magnet).peers.map(\.description) == ["93.184.216.34:6881"])
            let page = try await visitor.get("/videos/sea")
            #expect(page.text.contains("content=\"https://public.example/videos/sea\""))
            let json = try await visitor.api(.get, "/videos/\(video.id)").json()
            #expect((json["links"] as? [String: Any])?["page"] as? String == "https://public.example/videos/sea")
        }
    }

    @Test func changedTrackersAreInOldTorrentsAtOnce() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea")
            var admin = try await site.browser(as: "admin")
            let text = "udp://a.example:1/announce\nhttp://a.example/announce\n\nhttps://b.example/announce"
            let saved = try await admin.post(
                "/admin/settings",
                [("site_name", "Films"), ("bittorrent_enabled", "1"), ("tracker_urls", text), ("upload_limit", "1,5")])
            #expect(saved.location == "/admin/settings?saved=1")
            let torrent = try Torrent(decoding: try await admin.get("/videos/sea.torrent").body)
            #expect(
                torrent.announceTiers == [
                    ["udp://a.example:1/announce", "http://a.example/announce"], ["https://b.example/announce"],
                ])
            #expect(InfoHash(bytes: Digest.sha1(torrent.infoBytes)) == video.torrent?.infoHash)
            let page = try await admin.get("/admin/settings?saved=1")
            #expect(
                page.text.contains(">\(text)</textarea>") && page.text.contains("value=\"1.5\"")
                    && page.text.contains("Films"))
            #expect(try await admin.get("/videos/sea").text.contains("b.example"))
        }
    }
}

import Catalog
import Foundation
import HTTPTypes
import Metainfo
import Store
import Testing

@testable import Site

/// The page and the API of imports; what fetches them is played by the test.
@Suite struct ImportTests {
    private static let hash = String(repeating: "ab", count: 20)
    private static let magnet = "magnet:?xt=urn:btih:\(hash)&dn=Sea%20%3Cb%3E"

    private func ask(_ browser: inout Browser, magnet: String = magnet, torrent: [UInt8] = [], title: String = "")
        async throws -> Browser.Answer
    {
        try await browser.multipart(
            "/imports",
            [
                .init("csrf", browser.csrf), .init("magnet", magnet),
                .init("torrent", file: torrent, named: torrent.isEmpty ? "" : "sea.torrent"), .init("title", title),
                .init("description", ""), .init("tags", "sea"),
            ])
    }

    @Test func aPublisherAsksAndSees() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            #expect(try await owner.get("/upload").text.contains("href=\"/imports\""))
            let asked = try await ask(&owner)
            let id = try #require(try await site.store.imports.latest(of: nil).first?.id)
            #expect(asked.status == 303 && asked.location == "/imports#import-\(id)")
            let page = try await owner.get("/imports").text
            #expect(page.contains("Sea &lt;b&gt;") && page.contains("Waiting for its turn") && page.contains(Self.hash))
            #expect(page.contains("data-moving"))
            var other = try await site.browser(as: "other")
            #expect(try await !other.get("/imports").text.contains(Self.hash))
            let again = try await ask(&owner)
            #expect(again.status == 409 && again.text.contains("You are importing this torrent already."))
        }
    }

    @Test func aTorrentFileIsTakenAsWell() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            let info = InfoDictionary.singleFileV1(
                name: "waves.mp4", length: 5, pieceLength: 16_384, pieces: [UInt8](repeating: 1, count: 20))
            let torrent = try Torrent(infoBytes: info).encoded()
            #expect(try await ask(&owner, magnet: "", torrent: torrent, title: "Waves").status == 303)
            #expect(try await owner.get("/imports").text.contains("Waves"))
        }
    }

    @Test(arguments: ["", "nonsense", "magnet:?dn=nothing", "http://films.example/a.torrent"])
    func whatIsNoTorrentIsSaid(source: String) async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            let answer = try await ask(&owner, magnet: source)
            #expect(answer.status == 400 && answer.text.contains("role=\"alert\""))
            #expect(answer.text.contains("id=\"import\""))
            #expect(try await site.store.imports.latest(of: nil).isEmpty)
        }
    }

    @Test func ofSeveralFilesOneIsChosen() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            _ = try await ask(&owner)
            let claimed = try #require(try await site.store.imports.claim(node: "n"))
            _ = try await site.store.imports.offer(
                [
                    ImportFile(number: 1, path: "a/<one>.mp4", length: 1 << 20),
                    ImportFile(number: 4, path: "b.mkv", length: 3),
                ],
                of: claimed)
            let page = try await owner.get("/imports").text
            #expect(page.contains("a/&lt;one&gt;.mp4") && page.contains("1 MiB"))
            let id = claimed.facts.id
            #expect(try await owner.post("/imports/\(id)/choose", [("file", "2")]).status == 409)
            #expect(try await owner.post("/imports/\(id)/choose", [("file", "x")]).status == 400)
            var other = try await site.browser(as: "other")
            #expect(try await other.post("/imports/\(id)/choose", [("file", "4")]).status == 404)
            #expect(try await owner.post("/imports/\(id)/choose", [("file", "4")]).status == 303)
            #expect(try await site.store.imports.find(id, owner: nil)?.chosenFile == 4)
        }
    }

    @Test func progressFailureAndEndAreTold() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            _ = try await ask(&owner)
            let claimed = try #require(try await site.store.imports.claim(node: "n"))
            let progress = ImportProgress(wanted: 4 << 20, fetched: 1 << 20, rate: 2048, peers: 3)
            #expect(try await site.store.imports.note(claimed, .fetching, progress))
            let moving = try await owner.get("/imports").text
            #expect(moving.contains("value=\"25\"") && moving.contains("1 MiB of 4 MiB · 2 KiB/s · 3 peers"))
            #expect(try await site.store.imports.fail(claimed, reason: "Nobody has <it>."))
            let failed = try await owner.get("/imports").text
            #expect(failed.contains("Nobody has &lt;it&gt;.") && failed.contains("Try again"))
            #expect(try await owner.post("/imports/\(claimed.facts.id)/retry").status == 303)
            let again = try #require(try await site.store.imports.claim(node: "n"))
            let video = try await site.publish("Sea")
            #expect(try await site.store.imports.finish(again, as: video.id, remark: ""))
            #expect(try await owner.get("/imports").text.contains("href=\"/videos/sea\""))
        }
    }

    @Test func scriptsDoTheSame() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            let made = try await owner.api(
                .post, "/imports", json: "{\"magnet\":\"\(Self.magnet)\",\"title\":\"Sea\",\"tags\":[\"a\",\"b\"]}")
            #expect(made.status == 201)
            let id = try #require(try made.json()["id"] as? Int)
            #expect(made.location == "/api/v1/imports/\(id)")
            let read = try await owner.api(.get, "/imports/\(id)").json()
            #expect(read["state"] as? String == "waiting" && read["infohash"] as? String == Self.hash)
            #expect((try await owner.api(.get, "/imports").json()["imports"] as? [Any])?.count == 1)
            var other = try await site.browser(as: "other")
            #expect(try await other.api(.get, "/imports/\(id)").status == 404)
            var admin = try await site.browser(as: "admin")
            #expect(try await admin.api(.post, "/imports/\(id)/cancel").status == 200)
            #expect(try await owner.api(.get, "/imports/\(id)").json()["state"] as? String == "cancelled")
            for wrong in ["{}", "{\"torrent\":\"!\"}", "{\"magnet\":\"x\"}", "{\"magnet\":\"x\",\"torrent\":\"x\"}"] {
                #expect(try await owner.api(.post, "/imports", json: wrong).status == 400, "\(wrong)")
            }
        }
    }

    @Test func nothingIsTakenWhileBitTorrentIsOff() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            _ = try await admin.api(.patch, "/settings", json: "{\"bittorrent_enabled\":false}")
            var owner = try await site.browser(as: "publisher")
            let answer = try await ask(&owner)
            #expect(answer.status == 409 && answer.text.contains("switched off"))
        }
    }
}

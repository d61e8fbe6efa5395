import Catalog
import Cryptography
import Metainfo
import Testing

@testable import Site

/// What the site says of hybrids and version 2 (BEP 52).
@Suite struct TorrentFormatTests {
    private static let film = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ ($0 >> 8)) }

    @Test(arguments: TorrentFormat.allCases) func theTorrentHasItsLayersAndTheMagnetItsHashes(
        format: TorrentFormat
    ) async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea", bytes: Self.film, format: format, pieceLength: 16_384)
            let summary = try #require(video.torrent)
            var visitor = try await site.browser()
            let torrent = try Torrent(decoding: try await visitor.get("/videos/sea.torrent").body)
            #expect(torrent.info.format == format)
            #expect(torrent.pieceLayers.map(\.value.count) == (format.hasV2 ? [3 * 32] : []))
            #expect(torrent.webSeeds.first?.hasSuffix("/videos/sea/media/") == true)
            let v1 = format.hasV1 ? InfoHash(bytes: Digest.sha1(torrent.infoBytes)) : nil
            let v2 = format.hasV2 ? InfoHashV2(bytes: Digest.sha256(torrent.infoBytes)) : nil
            #expect(summary.infoHashV1 == v1 && summary.infoHashV2 == v2)

            let json = try await visitor.api(.get, "/videos/\(video.id)").json()["torrent"] as? [String: Any]
            #expect(json?["infohash_v1"] as? String == v1?.hex)
            #expect(json?["infohash_v2"] as? String == v2?.hex)
            let magnet = try MagnetLink(try #require(json?["magnet"] as? String))
            #expect(magnet.infoHashV1 == v1 && magnet.infoHashV2 == v2)
            let page = try await visitor.get("/videos/sea").text
            #expect(page.contains(summary.infoHash.hex))
            #expect(v2.map { page.contains($0.hex) } ?? !page.contains("version 2"))
        }
    }

    @Test func anAdminChoosesTheFormat() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            let page = try await admin.get("/admin/settings").text
            #expect(page.contains("<option value=\"v1\" selected>"))
            #expect(page.contains("Transmission before 4.0 and aria2 up to 1.36"))
            let form = [
                ("site_name", "Films"), ("bittorrent_enabled", "1"), ("tracker_urls", ""), ("upload_limit", "20"),
                ("torrent_format", "hybrid"),
            ]
            #expect(try await admin.post("/admin/settings", form).location == "/admin/settings?saved=1")
            #expect(try await site.store.settings.load().torrentFormat == .hybrid)
            #expect(try await admin.get("/admin/settings").text.contains("<option value=\"hybrid\" selected>"))
            // A form without the field, as a script may post, leaves it.
            _ = try await admin.post("/admin/settings", Array(form.dropLast()))
            #expect(try await site.store.settings.load().torrentFormat == .hybrid)
            let wrong = try await admin.post("/admin/settings", form.dropLast() + [("torrent_format", "v3")])
            #expect(wrong.text.contains("The format of new torrents is one of v1, hybrid, v2."))
            let patched = try await admin.api(.patch, "/settings", json: #"{"torrent_format":"v2"}"#).json()
            #expect(patched["torrent_format"] as? String == "v2")
        }
    }

    @Test func anAdminFindsATorrentByEitherHash() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea", bytes: Self.film, format: .hybrid, pieceLength: 16_384)
            _ = try await site.publish("Land")
            let torrent = try #require(video.torrent)
            let hashV2 = try #require(torrent.infoHashV2)
            for text in [torrent.infoHash.hex, hashV2.hex, hashV2.truncated.hex] {
                #expect(try await site.store.torrents.hashes(matching: text) == [torrent.infoHash])
            }
        }
    }
}

import Catalog
import ClipIndex
import Cryptography
import Foundation
import HTTPTypes
import Metainfo
import Store
import Testing

@testable import Site

@Suite struct ClipPlanTests {
    @Test func aPlanSaysWhereAClipLies() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea", fileName: "it's the sea.mp4")
            var visitor = try await site.browser()
            let answer = try await visitor.get("/videos/sea/clip?start=3.5&end=0:06")
            #expect(answer.status == 200 && answer.headers[.contentType] == "application/json", "\(answer.text)")
            let json = try answer.json()
            #expect(
                Set(json.keys) == [
                    "start", "end", "actual_start", "duration", "mode_fast_starts_at", "header_ranges", "media_ranges",
                    "ranges", "bytes", "film_bytes", "percent", "pieces", "links", "formats",
                ])
            #expect(json["start"] as? Double == 3.5 && json["end"] as? Double == 6)
            #expect(json["actual_start"] as? Double == 2 && json["mode_fast_starts_at"] as? Double == 3.5)
            #expect(json["film_bytes"] as? Int64 == video.media.size)
            let ranges = try #require(json["ranges"] as? [[Int64]])
            let bytes = ranges.reduce(0) { $0 + $1[1] - $1[0] + 1 }
            #expect(json["bytes"] as? Int64 == bytes && bytes > 0 && bytes < video.media.size)
            #expect(ranges.allSatisfy { $0.count == 2 && $0[0] <= $0[1] && $0[1] < video.media.size })
            let pieces = try #require(json["pieces"] as? [String: Any])
            #expect(Set(pieces.keys) == ["piece_length", "runs", "count", "bytes", "waste"])
            let links = try #require(json["links"] as? [String: String])
            #expect(links["page"] == "http://films.example/videos/sea?start=3.5&end=6")
            #expect(links["download"] == "http://films.example/videos/sea/clip.mp4?start=3.5&end=6")
            #expect(links["torrent"] == "http://films.example/videos/sea.torrent")
            #expect(
                links["command"] == "reelswarm get 'http://films.example/videos/sea.torrent' --start 3.5 --end 6"
                    + " -o 'it'\\''s the sea 0.03.5-0.06.mp4'")
            let formats = try #require(json["formats"] as? [String])
            #expect(formats.first == "mp4" && formats.contains("mkv") && formats.contains("m4a"))
        }
    }

    /// HAZARDS L08, over HTTP: refused with a sentence that says how long the film is, and nothing is begun.
    @Test func timesThatAreNone() async throws {
        try await SiteUnderTest.with { site in
            try await site.film("Sea")
            var visitor = try await site.browser()
            for query in [
                "start=3&end=3", "start=5&end=3", "start=11&end=12", "start=2&end=12", "start=NaN&end=3",
                "start=1&end=nan", "start=-1&end=3", "start=0&end=1e308", "start=1e308&end=2e308", "start=2&end=2.0001",
                "start=&end=", "", "start=1", "end=1", "start=inf&end=3", "start=1:99&end=3", "start=%00&end=3",
                "start=0x10&end=30", "start=1,5&end=3", "start=9223372036854775808&end=9223372036854775809",
                "start=999999999&end=999999999", "start=\(String(repeating: "9", count: 2000))&end=3",
            ] {
                let plan = try await visitor.get("/videos/sea/clip?" + query)
                #expect(plan.status == 400 && plan.code == "bad_range", "\(query): \(plan.text)")
                #expect(plan.headers[.contentType] == "application/problem+json")
                let sentence = try #require(try plan.json()["detail"] as? String)
                #expect(sentence.contains("0:10") && sentence.hasSuffix("."), "\(query): \(sentence)")
                let clip = try await visitor.get("/videos/sea/clip.mp4?" + query, [.accept: "application/json"])
                #expect(clip.status == 400 && clip.code == "bad_range", "\(query): \(clip.text)")
                let page = try await visitor.get("/videos/sea?" + query)
                #expect(page.status == 200, "\(query)")
            }
            // An end up to a second behind the film's is the film's.
            let whole = try await visitor.get("/videos/sea/clip?start=0&end=10.9")
            let end = try #require(try whole.json()["end"] as? Double)
            #expect(whole.status == 200 && end < 10.2)
        }
    }

    @Test func withoutAnIndexOrATorrent() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Plain")
            try await site.film("Sea")
            var admin = try await site.browser(as: "admin")
            let missing = try await admin.get("/videos/plain/clip?start=1&end=3")
            #expect(missing.status == 404 && missing.code == "no_clip_index", "\(missing.text)")
            // The times have no fault: they can be cut all the same.
            let page = try await admin.get("/videos/plain?start=1&end=3")
            for text in [
                "What this clip costs cannot be told", "data-clip-problem hidden", "value=\"1\"",
                "href=\"http://films.example/videos/plain?start=1&amp;end=3\"",
            ] { #expect(page.text.contains(text), "\(text)") }
            #expect(page.status == 200 && !page.text.contains("Look again"))
            let slug = try #require(Slug("plain"))
            let plain = try #require(try await site.store.videos.video(slug: slug))
            try await site.store.jobs.enqueue(NewJob(kind: .clipIndex, mediaID: plain.media.id))
            let waiting = try await admin.get("/videos/plain?start=1&end=3")
            #expect(waiting.text.contains("still being read") && waiting.text.contains("data-clip-problem hidden"))
            #expect(waiting.text.contains("<noscript><p class=\"clip-again\"><a href=\""))
            let soon = try await admin.get("/videos/plain/clip?start=1&end=3")
            #expect(soon.status == 404 && soon.code == "no_clip_index" && soon.headers[.retryAfter] != nil)
            let wrong = try await admin.get("/videos/plain?start=3&end=1")
            #expect(wrong.text.contains("has to lie before") && wrong.text.contains("data-clip-problem>"))
            let long = try await admin.get("/videos/sea?start=1&end=3").text
            #expect(long.contains("mode=exact"))
            #expect(try await admin.get("/videos/none/clip?start=1&end=3").status == 404)
            #expect(try await admin.api(.patch, "/settings", json: #"{"bittorrent_enabled":false}"#).status == 200)
            let json = try await admin.get("/videos/sea/clip?start=1&end=3").json()
            #expect(json["pieces"] is NSNull)
            let links = try #require(json["links"] as? [String: Any])
            #expect(links["torrent"] is NSNull && links["command"] is NSNull && links["download"] is String)
        }
    }

    /// The index travels in the .torrent outside `info`, and is the one that the plan is made with.
    @Test func theTorrentCarriesTheIndex() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Plain")
            let video = try await site.film("Sea")
            var visitor = try await site.browser()
            let torrent = try Torrent(decoding: try await visitor.get("/videos/sea.torrent").body)
            let index = try FilmIndex(decoding: try #require(torrent.clipIndexes[0]))
            #expect(torrent.clipIndexes.count == 1 && index.fits(fileLength: UInt64(video.media.size)))
            let plan = try index.plan(try #require(ClipInterval(start: 3.5, end: 6)))
            #expect(plan.actualStart == 2_000_000)
            #expect(InfoHash(bytes: Digest.sha1(torrent.infoBytes)) == video.torrent?.infoHash)
            let plain = try Torrent(decoding: try await visitor.get("/videos/plain.torrent").body)
            #expect(plain.clipIndexes.isEmpty)
        }
    }
}

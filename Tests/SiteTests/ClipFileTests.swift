import Catalog
import Foundation
import HTTPTypes
import Store
import Synchronization
import Testing
import WebServer

@testable import Site

@Suite struct ClipFileTests {
    @Test func aFastClipIsAFile() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea", fileName: "päivä 1.mp4")
            var visitor = try await site.browser()
            let target = "/videos/sea/clip.mp4?start=3.5&end=6"
            let whole = try await visitor.get(target)
            #expect(whole.status == 200 && whole.headers[.contentType] == "video/mp4", "\(whole.text.prefix(300))")
            #expect(Array(whole.body.dropFirst(4).prefix(4)) == Array("ftyp".utf8))
            #expect(Int64(whole.body.count) < video.media.size)
            #expect(whole.headers[.xActualStart] == "2" && whole.headers[.acceptRanges] == "bytes")
            #expect(whole.headers[.contentSecurityPolicy]?.hasSuffix("; sandbox") == true)
            let disposition = try #require(whole.headers[.contentDisposition])
            #expect(disposition.hasPrefix("attachment; filename=\"") && disposition.contains("0.03.5-0.06.mp4"))
            #expect(disposition.contains("filename*=UTF-8''p%C3%A4iv%C3%A4"))
            let tag = try #require(whole.headers[.eTag])
            let part = try await visitor.get(target, [.range: "bytes=10-19"])
            #expect(part.status == 206 && part.body == Array(whole.body[10..<20]))
            #expect(part.headers[.contentRange] == "bytes 10-19/\(whole.body.count)")
            #expect(part.headers[.xActualStart] == "2")
            let same = try await visitor.get(target, [.range: "bytes=10-19", .ifRange: tag])
            #expect(same.status == 206 && same.body == part.body)
            let other = try await visitor.get(target, [.range: "bytes=10-19", .ifRange: "\"other\""])
            #expect(other.status == 200 && other.body == whole.body)
            #expect(try await visitor.get(target, [.ifNoneMatch: tag]).status == 304)
            #expect(try await visitor.get(target, [.range: "bytes=99999999-"]).status == 416)
            let head = try await visitor.respond(.head, target)
            #expect(head.status == .ok && head.headers[.eTag] == tag)
            // Of what is sent while it is made nothing is made for a HEAD, and no length is claimed.
            let exact = try await visitor.respond(.head, target + "&mode=exact")
            guard case .stream(nil, _) = exact.body else {
                Issue.record("\(exact)")
                return
            }
            #expect(exact.status == .ok && exact.headers[.eTag] == nil && exact.headers[.contentType] == "video/mp4")
            let next = try await visitor.get("/videos/sea/clip.mp4?start=3&end=6")
            #expect(next.status == 200 && next.headers[.eTag] != tag)
        }
    }

    @Test func otherFormsAndModes() async throws {
        try await SiteUnderTest.with { site in
            try await site.film("Sea")
            var visitor = try await site.browser()
            for (address, type) in [
                ("clip.mkv?start=1&end=3", "video/x-matroska"),
                ("clip.MKV?start=1&end=3&mode=fast", "video/x-matroska"), ("clip.m4a?start=1&end=3", "audio/mp4"),
                ("clip.m4a?start=1&end=3&mode=audio", "audio/mp4"), ("clip.ts?start=1&end=3", "video/mp2t"),
                ("clip.mp4?start=1&end=2&mode=exact", "video/mp4"), ("clip.wmv?start=1&end=3", "video/x-ms-asf"),
                ("clip.ts?start=1&end=2&mode=exact", "video/mp2t"),
                ("clip.mp3?start=1&end=2&mode=exact", "audio/mpeg"),
                ("clip.opus?start=1&end=2&mode=exact", "audio/ogg"),
            ] {
                let clip = try await visitor.get("/videos/sea/" + address)
                #expect(
                    clip.status == 200 && clip.headers[.contentType] == type, "\(address): \(clip.text.prefix(200))")
                #expect(clip.body.count > 500 && clip.headers[.xActualStart] != nil, "\(address)")
            }
            for (address, status, code, word) in [
                ("clip.mp4?start=1&end=3&mode=slow", 400, "bad_mode", "exact"),
                ("clip.exe?start=1&end=3", 415, "cannot_clip", "mp4"),
                ("clip.?start=1&end=3", 404, "not_found", "nothing"),
                ("clip.mp3?start=1&end=3&mode=audio", 415, "cannot_clip", "m4a"),
                ("clip.webm?start=1&end=3", 415, "cannot_clip", "mkv"),
                ("clip.mp4?start=1&end=3&mode=audio", 415, "cannot_clip", "m4a"),
                ("clip.avi?start=1&end=3&mode=exact", 415, "cannot_clip", "mp4"),
                ("clip.wma?start=1&end=3&mode=exact", 415, "cannot_clip", "m4a"),
            ] as [(String, Int, String, String)] {
                let refused = try await visitor.get("/videos/sea/" + address, [.accept: "application/json"])
                #expect(refused.status == status && refused.code == code, "\(address): \(refused.text.prefix(300))")
                #expect(
                    (try refused.json()["detail"] as? String)?.contains(word) == true, "\(address): \(refused.text)")
            }
            let page = try await visitor.get("/videos/sea/clip.exe?start=1&end=3")
            #expect(page.status == 415 && page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.text.contains("href=\"/videos/sea#clip-tool\""))
            let long = try await visitor.get("/videos/sea/clip.mp4?start=0&end=99", [.accept: "application/json"])
            #expect(try long.json()["title"] as? String == "Bad Request")
            let robots = try await visitor.get("/robots.txt")
            #expect(robots.status == 200 && robots.text.contains("Disallow: /videos/*/clip."))
        }
    }

    /// HAZARDS L10: whoever leaves takes nothing along; an address has its two cuts back at once.
    @Test func aClientThatLeavesEndsItsCut() async throws {
        try await SiteUnderTest.with { site in
            try await site.film("Sea")
            var visitor = try await site.browser()
            for second in 0..<4 {
                let response = try await visitor.respond(
                    .get, "/videos/sea/clip.mp4?start=\(second)&end=\(second + 5)&mode=exact")
                #expect(response.status == .ok)
                guard case .stream(let length, let write) = response.body else {
                    Issue.record("no stream")
                    return
                }
                #expect(length == nil && response.headers[.acceptRanges] == "none")
                await #expect(throws: ClientGone.self) { try await write(Leaver()) }
            }
            // Answers that nobody reads are given up too.
            for second in 0..<4 {
                _ = try await visitor.respond(.get, "/videos/sea/clip.mkv?start=\(second)&end=9&mode=exact")
            }
            for _ in 0..<100 {
                if try await visitor.get("/videos/sea/clip.mp4?start=1&end=2").status == 200 { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await visitor.get("/videos/sea/clip.mp4?start=1&end=2").status == 200)
        }
    }

    /// HAZARDS L12: who is sent an exact clip waits for that before the next; quick ones are made all the same.
    @Test func oneAddressHasOneExactCut() async throws {
        try await SiteUnderTest.with { site in
            try await site.film("Sea")
            var visitor = try await site.browser()
            var held: Response? = try await visitor.respond(.get, "/videos/sea/clip.mp4?start=1&end=9&mode=exact")
            #expect(held?.status == .ok)
            let second = try await visitor.get(
                "/videos/sea/clip.mp4?start=3&end=9&mode=exact", [.accept: "application/json"])
            #expect(second.status == 429 && second.code == "too_many_cuts", "\(second.text.prefix(300))")
            #expect(second.headers[.retryAfter] != nil)
            #expect(try await visitor.get("/videos/sea/clip.mp4?start=3&end=9").status == 200)
            held = nil
        }
    }

    private struct Leaver: BodyWriter { func write(_ bytes: [UInt8]) async throws { throw ClientGone() } }

    @Test func aFilmThatGoesTakesItsClipsAlong() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea")
            let clip = try await site.saveClip("Wave", of: video)
            try await site.setStoryboard(of: video)
            var owner = try await site.browser(as: "publisher")
            let addresses = [
                "/videos/sea/clip?start=1&end=3", "/videos/sea/clip.mp4?start=1&end=3",
                "/videos/sea/storyboard.jpg", "/videos/sea/embed",
                "/clips/wave", "/clips/wave/embed",
            ]
            for address in addresses { #expect(try await owner.get(address).status == 200, "\(address)") }
            _ = try await owner.post("/videos/sea/takedown")
            for address in addresses { #expect(try await owner.get(address).status == 410, "\(address)") }
            var visitor = try await site.browser()
            #expect(try await visitor.api(.get, "/clips/\(clip.id)").status == 410)
            #expect(!(try await visitor.get("/feed/podcast.rss").text.contains("Wave")))
            _ = try await owner.post("/videos/sea/restore")
            for address in addresses { #expect(try await owner.get(address).status == 200, "\(address)") }
            _ = try await owner.post("/videos/sea/delete")
            for address in addresses { #expect(try await owner.get(address).status == 404, "\(address)") }
            #expect(try await visitor.api(.get, "/clips/\(clip.id)").status == 404)
        }
    }

    /// HAZARDS L10: a film that is taken down while a clip of it is sent.
    @Test func aFilmTakenDownEndsItsCuts() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea")
            var visitor = try await site.browser()
            let response = try await visitor.respond(.get, "/videos/sea/clip.mp4?start=1&end=9&mode=exact")
            guard case .stream(_, let write) = response.body else {
                Issue.record("\(response)")
                return
            }
            let admin = try #require(site.users["admin"])
            let reader = SlowReader {
                try await site.publisher.takeDown(video.id, by: admin, reason: "test")
                site.context.forget(video.slug)
            }
            await #expect(throws: (any Error).self) { try await write(reader) }
            #expect(try await visitor.get("/videos/sea/clip.mp4?start=1&end=9").status == 410)
        }
    }

    /// Takes the first bytes, does something, and then waits until it is no longer asked to.
    private struct SlowReader: BodyWriter {
        let act: @Sendable () async throws -> Void

        func write(_ bytes: [UInt8]) async throws {
            try await act()
            try await Task.sleep(for: .seconds(60))
        }
    }

    /// HAZARDS L11: made by us when a film comes in, and small.
    @Test func everyFilmHasAStoryboard() async throws {
        try await SiteUnderTest.with { site in
            try await site.film("Sea")
            var visitor = try await site.browser()
            let sheet = try await visitor.get("/videos/sea/storyboard.jpg")
            #expect(sheet.status == 200 && sheet.body.starts(with: [0xFF, 0xD8]) && sheet.body.count <= 512 << 10)
            #expect(try await visitor.get("/videos/sea").text.contains("data-sheet-frames=\""))
        }
    }

    @Test func theStoryboard() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea")
            var visitor = try await site.browser()
            let address = "/videos/sea/storyboard.jpg"
            let none = try await visitor.get(address, [.accept: "application/json"])
            #expect(none.status == 404 && none.code == "no_storyboard")
            #expect(!(try await visitor.get("/videos/sea").text.contains("data-sheet-comes")))
            let other = try await site.publish("Land")
            try await site.store.jobs.enqueue(NewJob(kind: .storyboard, mediaID: other.media.id))
            #expect(try await visitor.get("/videos/land").text.contains("data-sheet-comes"))
            try await site.setStoryboard(of: video)
            let sheet = try await visitor.get(address)
            #expect(sheet.status == 200 && sheet.body == [0xFF, 0xD8, 0xFF, 1])
            #expect(sheet.headers[.contentType] == "image/jpeg" && sheet.headers[.xContentTypeOptions] == "nosniff")
            let tag = try #require(sheet.headers[.eTag])
            #expect(try await visitor.get(address, [.ifNoneMatch: tag]).status == 304)
            // That there was none is remembered for a moment.
            try await site.setStoryboard(of: other)
            for _ in 0..<100 where !(try await visitor.get("/videos/land").text.contains("data-sheet=")) {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(!(try await visitor.get("/videos/land").text.contains("data-sheet-comes")))
            let page = try await visitor.get("/videos/sea")
            #expect(page.text.contains("data-sheet=\"\(address)?v=\(video.media.etag.prefix(8))\""))
        }
    }
}

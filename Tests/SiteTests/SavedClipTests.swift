import Catalog
import Foundation
import HTTPTypes
import Testing

@testable import Site

@Suite struct SavedClipTests {
    @Test func savesByTheForm() async throws {
        try await SiteUnderTest.with { site in
            try await site.setStoryboard(of: try await site.film("Sea"))
            var other = try await site.browser(as: "other")
            let page = try await other.get("/videos/sea?start=2&end=0:05")
            #expect(page.text.contains("action=\"/videos/sea/clips\"") && page.text.contains("of the film"))
            #expect(page.text.contains("/videos/sea/clip.mp4?start=2&amp;end=5"))
            let saved = try await other.post(
                "/videos/sea/clips",
                [("title", "The big wave"), ("description", "Look: http://a.example"), ("start", "2"), ("end", "0:05")])
            #expect(saved.status == 303 && saved.location == "/clips/the-big-wave?saved=1", "\(saved.text)")
            let clip = try await other.get("/clips/the-big-wave?saved=1")
            for text in [
                "<h1>The big wave</h1>", "src=\"/videos/sea/media#t=2,5\"", "data-start=\"2\"", "data-end=\"5\"",
                "data-link=\"film\">Sea</a>", "0:02 to 0:05", "data-swarm=\"seeders\">1<",
                "<a href=\"http://a.example\"", "property=\"og:type\" content=\"video.other\"",
                "content=\"http://films.example/videos/sea/clip.mp4?start=2&amp;end=5\"",
                "property=\"video:duration\" content=\"3\"", "content=\"http://films.example/clips/the-big-wave\"",
                "--start 2 --end 5", "Saved.", "/clips/the-big-wave/embed",
            ] { #expect(clip.text.contains(text), "\(text)") }
            let film = try await other.get("/videos/sea")
            #expect(film.text.contains("<a href=\"/clips/the-big-wave\">The big wave</a>"))
            #expect(film.text.contains("viewBox=\"320 0 160 120\""))
            #expect(film.text.contains("width=\"800\" height=\"240\""))
            #expect(try await other.get("/account").text.contains("/clips/the-big-wave"))
            // What the address of the film selects is no part of what it says of itself to others.
            #expect(page.text.contains("property=\"og:url\" content=\"http://films.example/videos/sea\""))
        }
    }

    @Test func whatCannotBeSavedIsShownAgain() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea")
            var owner = try await site.browser(as: "publisher")
            for (title, start, end) in [
                ("", "2", "5"), ("Wave", "5", "2"), ("Wave", "2", "2.05"), ("Wave", "2", "99"), ("Wave", "NaN", "3"),
                ("Wave", "", ""), ("a\u{0}b", "2", "5"), (String(repeating: "x", count: 201), "2", "5"),
                ("Wave", "\"><script>", "3"),
            ] {
                let refused = try await owner.post(
                    "/videos/sea/clips", [("title", title), ("description", "<kept>"), ("start", start), ("end", end)])
                #expect(refused.status == 400, "\(title) \(start) \(end)")
                #expect(refused.text.contains("&lt;kept&gt;") && !refused.text.contains("\"><script>"))
                #expect(refused.text.contains("<h1>Sea</h1>"))
            }
            #expect(try await site.store.clips.list(ofVideo: video.id).isEmpty)
        }
    }

    @Test func whoMayDoWhat() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea")
            try await site.saveClip("Mine", of: video, by: "publisher")
            try await site.saveClip("Guest", of: video, by: "other")
            var owner = try await site.browser(as: "publisher")
            var other = try await site.browser(as: "other")
            var viewer = try await site.browser(as: "viewer")
            var visitor = try await site.browser()
            // The film's owner removes the clips of others, but does not write in their name.
            #expect(try await owner.post("/clips/guest/edit", [("title", "X")]).status == 403)
            #expect(try await other.post("/clips/mine/edit", [("title", "X")]).status == 403)
            #expect(try await other.post("/clips/mine/delete").status == 403)
            #expect(try await other.post("/clips/mine/materialise").status == 403)
            for address in ["/clips/guest/edit", "/clips/guest/delete", "/clips/guest/materialise"] {
                #expect(try await viewer.post(address).status == 403)
                #expect(try await visitor.post(address).status == 401)
            }
            #expect(try await viewer.post("/videos/sea/clips", [("title", "X")]).status == 403)
            #expect(!(try await visitor.get("/clips/guest").text.contains("Manage this clip")))
            #expect(try await other.get("/clips/guest").text.contains("action=\"/clips/guest/edit\""))
            #expect(!(try await owner.get("/clips/guest").text.contains("action=\"/clips/guest/edit\"")))
            let edited = try await other.post("/clips/guest/edit", [("title", "Guest 2"), ("description", "New")])
            #expect(edited.location == "/clips/guest?saved=1")
            #expect(try await visitor.get("/clips/guest").text.contains("<h1>Guest 2</h1>"))
            #expect(try await visitor.get("/videos/sea").text.contains("Guest 2"))
            let wrong = try await other.post("/clips/guest/edit", [("title", ""), ("description", "<kept>")])
            #expect(wrong.status == 400 && wrong.text.contains("&lt;kept&gt;"))
            #expect(wrong.text.contains("A title has 1 to 200 characters."))
            #expect(try await owner.post("/clips/guest/delete").location == "/videos/sea?deleted=clip")
            #expect(try await owner.get("/videos/sea?deleted=clip").text.contains("The clip is deleted."))
            #expect(try await other.get("/clips/guest").status == 404)
            #expect(!(try await visitor.get("/videos/sea").text.contains("Guest 2")))
            var admin = try await site.browser(as: "admin")
            #expect(try await admin.post("/clips/mine/edit", [("title", "Ours")]).status == 303)
            #expect(try await admin.post("/clips/mine/delete").status == 303)
            // A form of another site.
            try await site.saveClip("Third", of: video)
            #expect(try await owner.post("/clips/third/delete", csrf: "wrong").status == 403)
            #expect(try await owner.post("/clips/third/delete", csrf: nil).status == 403)
        }
    }

    /// Of a film that is taken down whoever does not manage it is told nothing; what was theirs they may delete.
    @Test func aClipOfAFilmThatIsTakenDown() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea")
            let clip = try await site.saveClip("Guest", of: video, by: "other")
            let second = try await site.saveClip("Second", of: video, by: "other")
            var (owner, other) = (try await site.browser(as: "publisher"), try await site.browser(as: "other"))
            #expect(try await owner.get("/videos/sea").text.contains("Its 2 saved clips go with it"))
            _ = try await owner.post("/videos/sea/takedown")
            for answer in [
                try await other.get("/clips/guest"), try await other.post("/clips/guest/edit", [("title", "")]),
                try await other.post("/clips/guest/materialise"), try await other.api(.get, "/clips/\(clip.id)"),
                try await other.api(.patch, "/clips/\(clip.id)", json: #"{"title":"X"}"#),
                try await other.api(.post, "/clips/\(clip.id)/materialise"),
            ] {
                #expect(answer.status == 410)
                #expect(!answer.text.contains("magnet:") && !answer.text.contains("Guest"), "\(answer.text)")
            }
            #expect(try await owner.api(.get, "/clips/\(clip.id)").status == 200)
            #expect(try await other.post("/clips/guest/delete").location == "/account")
            #expect(try await other.api(.delete, "/clips/\(second.id)").status == 204)
            #expect(try await site.store.clips.list(ofVideo: video.id).isEmpty)
        }
    }

    @Test func aFilmOfItsOwnMayBeCutExactly() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea")
            let clip = try await site.saveClip("Wave", of: video, 3.5, 5)
            var owner = try await site.browser(as: "publisher")
            let page = try await owner.get("/clips/wave")
            #expect(page.text.contains("name=\"mode\" value=\"exact\"") && page.text.contains("they are published"))
            let wrong = try await owner.api(.post, "/clips/\(clip.id)/materialise", json: #"{"mode":"audio"}"#)
            #expect(wrong.status == 400 && wrong.code == "bad_mode")
            let begun = try await owner.api(.post, "/clips/\(clip.id)/materialise", json: #"{"mode":"exact"}"#)
            #expect(begun.status == 202)
            try await site.doJobs()
            let made = try await owner.api(.get, "/clips/\(clip.id)").json()["made"] as? [String: String]
            let slug = try #require(Slug(made?["slug"] ?? ""))
            let film = try #require(try await site.store.videos.video(slug: slug))
            #expect(abs((film.media.duration ?? 0) - 1.5) < 0.1 && film.media.fileName == "film 0.03.5-0.05.mp4")
        }
    }

    @Test func theAPI() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea")
            var owner = try await site.browser(as: "publisher")
            let made = try await owner.api(
                .post, "/videos/\(video.id)/clips",
                json: #"{"title":"Wave","start":2.5,"end":"0:05","description":"D"}"#)
            #expect(made.status == 201, "\(made.text)")
            let json = try made.json()
            #expect(
                Set(json.keys) == [
                    "id", "slug", "title", "description", "start", "end", "duration", "owner", "video", "making",
                    "made", "links", "created_at",
                ])
            #expect(
                json["start"] as? Double == 2.5 && json["end"] as? Double == 5 && json["duration"] as? Double == 2.5)
            #expect(json["made"] is NSNull && (json["video"] as? [String: String])?["slug"] == "sea")
            let links = try #require(json["links"] as? [String: String])
            #expect(links["download"] == "http://films.example/videos/sea/clip.mp4?start=2.5&end=5")
            #expect(links["embed"] == "http://films.example/clips/wave/embed")
            let id = try #require(json["id"] as? Int64)
            #expect(made.headers[.location] == "/api/v1/clips/\(id)")
            var visitor = try await site.browser()
            let list = try await visitor.api(.get, "/videos/\(video.id)/clips").json()
            #expect((list["clips"] as? [[String: Any]])?.first?["id"] as? Int64 == id)
            #expect(try await visitor.api(.get, "/clips/\(id)").json()["title"] as? String == "Wave")
            let patched = try await owner.api(.patch, "/clips/\(id)", json: #"{"description":"New"}"#)
            #expect(try patched.json()["description"] as? String == "New")
            #expect(try patched.json()["title"] as? String == "Wave")
            for (body, code) in [
                (#"{"title":"W","start":1,"end":1}"#, "bad_range"), (#"{"title":"W","start":-1,"end":3}"#, "bad_range"),
                (#"{"title":"W","start":1,"end":1e308}"#, "bad_range"), (#"{"title":"W","end":3}"#, "bad_range"),
                (#"{"title":"W","start":true,"end":3}"#, "bad_range"),
                (#"{"title":"W","start":"x","end":3}"#, "bad_range"),
                (#"{"title":"W","start":1,"end":1.05}"#, "bad_range"), (#"{"start":1,"end":3}"#, "invalid_title"),
                (#"{"title":"W","start":1,"end":3,"x":1}"#, "unknown_member"), ("[]", "bad_json"),
            ] {
                let refused = try await owner.api(.post, "/videos/\(video.id)/clips", json: body)
                #expect(refused.status == 400 && refused.code == code, "\(body): \(refused.text)")
            }
            #expect(try await owner.api(.patch, "/clips/\(id)", json: #"{"start":1}"#).code == "unknown_member")
            #expect(try await owner.api(.delete, "/clips/\(id)").status == 204)
            #expect(try await owner.api(.get, "/clips/\(id)").status == 404)
            let film = try await owner.api(.get, "/videos/\(video.id)").json()
            let plan = (film["links"] as? [String: Any])?["clip_plan"] as? String
            #expect(plan == "http://films.example/videos/sea/clip")
        }
    }

    @Test func aClipBecomesAFilm() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea")
            let clip = try await site.saveClip("Wave", of: video)
            var owner = try await site.browser(as: "publisher")
            #expect(try await owner.post("/clips/wave/materialise").location == "/clips/wave")
            let waiting = try await owner.get("/clips/wave")
            for text in [
                "is being made", "id=\"own-film\" data-moving", "<progress max=\"100\" aria-label", "clip_making",
                "<noscript><p><a href=\"/clips/wave\">Look again</a>",
            ] { #expect(waiting.text.contains(text), "\(text)") }
            try await site.doJobs()
            let page = try await owner.get("/clips/wave")
            #expect(!page.text.contains("data-moving") && !page.text.contains("clip_making"))
            #expect(
                page.text.contains("data-link=\"made\"") && !page.text.contains("action=\"/clips/wave/materialise\""))
            let json = try await owner.api(.get, "/clips/\(clip.id)").json()
            let made = try #require(json["made"] as? [String: String])
            #expect(made["title"] == "Wave" && json["making"] as? Bool == false)
            let film = try await owner.get("/videos/\(made["slug"] ?? "")")
            #expect(film.status == 200 && film.text.contains("data-link=\"torrent\""))
            let again = try await owner.api(.post, "/clips/\(clip.id)/materialise")
            let still = try again.json()["made"] as? [String: String]
            #expect(again.status == 202 && still?["slug"] == made["slug"])

            // Taken down, it is named to nobody, and no other one is offered.
            _ = try await owner.post("/videos/\(made["slug"] ?? "")/takedown")
            let hidden = try await owner.get("/clips/wave")
            #expect(hidden.status == 200 && hidden.text.contains("The film made from this clip is taken down."))
            #expect(!hidden.text.contains("data-link=\"made\""))
            #expect(!hidden.text.contains("action=\"/clips/wave/materialise\""))
            var visitor = try await site.browser()
            #expect(!(try await visitor.get("/clips/wave").text.contains("taken down")))
            let asked = try await owner.api(.post, "/clips/\(clip.id)/materialise")
            #expect(asked.status == 202)
            let told = try asked.json()
            #expect(told["made"] is NSNull && told["making"] as? Bool == false)
        }
    }

    @Test(arguments: [
        "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}{{{x}}}",
        "'\"\u{301}onfocus=alert(1)",
    ]) func textStaysText(_ text: String) async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film(text, fileName: "a.mp4")
            let clip = try await site.saveClip(text, of: video, description: "\(text) http://a.example/\"onx=1")
            var owner = try await site.browser(as: "publisher")
            for target in [
                "/videos/\(video.slug)?start=1&end=3", "/clips/\(clip.slug)", "/clips/\(clip.slug)/embed",
                "/videos/\(video.slug)/embed", "/account",
            ] {
                let page = try await owner.get(target)
                #expect(page.status == 200, "\(target)")
                for raw in ["<script>alert", "<img src=x", "\"\u{301}onfocus", "\"onx"] {
                    #expect(!page.body.contains(Array(raw.utf8)), "\(target) has \(raw)")
                }
            }
        }
    }
}

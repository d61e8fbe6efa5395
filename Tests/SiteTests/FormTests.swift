import HTTPTypes
import Testing

@testable import Site

/// Forms: the token, where they come from, and that reading changes nothing (HAZARDS S09, S10, S12).
@Suite struct FormTests {
    private static let foreign: [HTTPFields] = [
        [.origin: "https://evil.example"], [.origin: "null"], [.origin: "http://films.example.evil.example"],
        [.init("Sec-Fetch-Site")!: "cross-site"], [.init("Sec-Fetch-Site")!: "same-site"],
    ]

    @Test func aFormNeedsTheTokenOfItsSession() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Before")
            let target = "/videos/\(video.slug)/edit"
            let fields = [("title", "After"), ("description", ""), ("tags", "")]
            var owner = try await site.browser(as: "publisher")
            let other = try await site.browser(as: "other")
            for wrong in [String??.none, "", "x", other.csrf, owner.csrf + "x"] as [String??] {
                let answer = try await owner.post(target, fields, csrf: wrong)
                #expect(answer.status == 403)
                #expect(answer.headers[.contentType]?.hasPrefix("text/html") == true)
            }
            for headers in Self.foreign { #expect(try await owner.post(target, fields, headers).status == 403) }
            #expect(try await site.store.videos.video(id: video.id)?.title == "Before")
            for headers: HTTPFields in [[:], [.origin: "http://films.example"], [.origin: "https://films.example"]] {
                #expect(try await owner.post(target, fields, headers).location == "/videos/before?saved=1")
            }
            #expect(try await site.store.videos.video(id: video.id)?.title == "After")
        }
    }

    @Test func aFormOfAnotherTypeIsRefused() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            let answer = try await owner.send(
                .post, "/logout", [.contentType: "text/plain"], body: Array("csrf=\(owner.csrf)".utf8))
            #expect(answer.status == 415)
            #expect(try await owner.get("/account").status == 200)
        }
    }

    @Test func readingChangesNothing() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Stays")
            var owner = try await site.browser(as: "publisher")
            for address in [
                "/logout", "/videos/stays/takedown", "/videos/stays/delete", "/videos/stays/restore",
                "/account/password",
            ] {
                for method in [HTTPRequest.Method.get, .head] {
                    let answer = try await owner.send(method, address)
                    #expect(answer.status == 405)
                    #expect(answer.headers[.allow]?.contains("POST") == true)
                }
            }
            for path in ["/videos/\(video.id)/takedown", "/videos/\(video.id)/restore", "/sessions"] {
                #expect(try await owner.api(.get, path).status == 405)
            }
            #expect(try await site.store.videos.video(id: video.id)?.state == .published)
        }
    }

    /// A session cookie alone does nothing on the API, so no other site's page can use it.
    @Test func theAPITakesNoCookies() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Stays")
            var owner = try await site.browser(as: "admin")
            owner.bearer = nil
            #expect(try await owner.api(.delete, "/videos/\(video.id)").status == 401)
            #expect(try await owner.api(.patch, "/videos/\(video.id)", json: "{\"title\":\"X\"}").status == 401)
            #expect(try await owner.api(.get, "/settings").status == 401)
            let cors = try await owner.api(.get, "/videos", [.origin: "https://evil.example"])
            #expect(cors.headers[.accessControlAllowOrigin] == nil)
        }
    }

    @Test func fieldsThatAreNotInTheFormChangeNothing() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Mine")
            var owner = try await site.browser(as: "publisher")
            let answer = try await owner.post(
                "/videos/mine/edit",
                [
                    ("title", "Mine"), ("description", ""), ("tags", ""), ("owner_id", "1"), ("role", "admin"),
                    ("id", "7"),
                ])
            #expect(answer.status == 303)
            let after = try await site.store.videos.video(id: video.id)
            #expect(after?.ownerID == video.ownerID && after?.id == video.id)
            #expect(try await site.accounts.user(named: "publisher").role == .publisher)
        }
    }

    @Test func wrongFieldsAreExplainedAndKept() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Mine")
            var owner = try await site.browser(as: "publisher")
            let answer = try await owner.post(
                "/videos/mine/edit", [("title", ""), ("description", "Long <work>"), ("tags", "a")])
            #expect(answer.status == 400)
            #expect(answer.text.contains("A title has 1 to 200 characters."))
            #expect(answer.text.contains("Long &lt;work&gt;"))
        }
    }
}
